package io.warren.control.tunnel;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.pcollections.IntTreePMap;

/**
 * The calls of one tunnel. Nothing here takes time in proportion to their number.
 *
 * @param calls by our session id
 * @param byPeerId our session id by the peer's
 * @param settingUp our ids of the calls between ICRQ and ICCN, as a set; not rebuilt from the journal
 * @param unconfirmed session id by Ns: messages that a session has not confirmed yet; not rebuilt from the journal
 */
public record CallTable(
        IntTreePMap<Call> calls,
        IntTreePMap<Integer> byPeerId,
        IntTreePMap<Boolean> settingUp,
        IntTreePMap<Integer> unconfirmed) {
    static final CallTable EMPTY =
            new CallTable(IntTreePMap.empty(), IntTreePMap.empty(), IntTreePMap.empty(), IntTreePMap.empty());

    @Nullable
    Call get(int sessionId) {
        return calls.get(sessionId);
    }

    @Nullable
    Call byPeerId(int peerSessionId) {
        Integer sessionId = byPeerId.get(peerSessionId);
        return sessionId == null ? null : calls.get(sessionId);
    }

    boolean isFree(int sessionId) {
        return !calls.containsKey(sessionId);
    }

    int size() {
        return calls.size();
    }

    Collection<Call> all() {
        return calls.values();
    }

    /** Adds the call, or replaces what was known of it. */
    CallTable plus(Call call) {
        int peerId = call.offer().peerSessionId();
        IntTreePMap<Integer> peerIds = peerId == 0 ? byPeerId : byPeerId.plus(peerId, call.sessionId());
        return new CallTable(calls.plus(call.sessionId(), call), peerIds, settingUp, unconfirmed);
    }

    CallTable minus(int sessionId) {
        Call call = calls.get(sessionId);
        if (call == null) {
            return this;
        }
        int peerId = call.offer().peerSessionId();
        Integer named = byPeerId.get(peerId);
        IntTreePMap<Integer> peerIds = named != null && named == sessionId ? byPeerId.minus(peerId) : byPeerId;
        return new CallTable(calls.minus(sessionId), peerIds, settingUp.minus(sessionId), unconfirmed);
    }

    CallTable beginSetup(int sessionId) {
        return new CallTable(calls, byPeerId, settingUp.plus(sessionId, true), unconfirmed);
    }

    CallTable endSetup(int sessionId) {
        return new CallTable(calls, byPeerId, settingUp.minus(sessionId), unconfirmed);
    }

    CallTable expectConfirm(int ns, int sessionId) {
        return new CallTable(calls, byPeerId, settingUp, unconfirmed.plus(ns, sessionId));
    }

    CallTable withoutUnconfirmed() {
        return new CallTable(calls, byPeerId, settingUp, IntTreePMap.empty());
    }

    CallTable confirmed(int ns) {
        return new CallTable(calls, byPeerId, settingUp, unconfirmed.minus(ns));
    }
}
