package io.warren.dataplane;

import io.warren.control.port.SessionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many MPPE keys the peers of encrypted calls may make us skip: each costs about half a microsecond, and a peer that
 * means harm would send nothing but gaps. What a call has spent is remembered until it is over, so that nobody gets more by
 * opening CCP anew. All calls together have a bound, too, which one call cannot use up for the others: a gap of a
 * {@linkplain #FEW few} keys asks only for its call's own tokens, and each call has some for larger ones.
 */
final class SkippedKeys {
    /** Of one call, in a second. */
    private static final int CALL_RATE = 10_000;

    /** One search, and some gaps. */
    private static final int CALL_BURST = 20_000;

    /** A gap that costs hardly more than the packet that shows it. */
    static final int FEW = 8;

    /** Of larger gaps, what a call is given a second whatever the others do. */
    private static final int OWN_RATE = 64;

    /** As many as can be missing without a search. */
    private static final int OWN_BURST = 2_048;

    /** Of all calls together, in a second: a twentieth of a processor. */
    private static final int PLANE_RATE = 100_000;

    private static final int PLANE_BURST = 100_000;

    private final TokenBucket shared;
    private final Map<Integer, OfCall> calls = new ConcurrentHashMap<>();

    SkippedKeys(long now) {
        shared = new TokenBucket(PLANE_RATE, PLANE_BURST, now);
    }

    /** What a call may make us skip, and has; the same until it is {@linkplain #forget forgotten}. */
    OfCall of(int call, long now) {
        return calls.computeIfAbsent(call, _ -> new OfCall(now));
    }

    /** The call is over. */
    void forget(SessionKey call) {
        calls.remove(ForwardingTable.key(call));
    }

    /** Its calls are another node's. */
    void forgetShard(int shard) {
        calls.keySet().removeIf(call -> call >>> 24 == shard);
    }

    /** The bounds of one call; for any thread. */
    final class OfCall {
        private final TokenBucket all;
        private final TokenBucket own;

        private OfCall(long now) {
            all = new TokenBucket(CALL_RATE, CALL_BURST, now);
            own = new TokenBucket(OWN_RATE, OWN_BURST, now);
        }

        /** Takes {@code keys} if they may be skipped, and says otherwise why not; takes nothing then. */
        @Nullable
        DropReason refuses(int keys, long now) {
            if (!all.admits(keys, now)) {
                return DropReason.MPPE_GAP;
            }
            if (keys <= FEW || own.admits(keys, now) || shared.admits(keys, now)) {
                return null;
            }
            all.giveBack(keys);
            return DropReason.MPPE_GAPS_OF_ALL;
        }
    }
}
