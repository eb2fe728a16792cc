package io.warren.client;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionSettings;
import io.warren.control.session.SessionState;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ResultCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link TunnelEnd} keeps of one call. */
final class CallEnd {
    private static final int TEMPORARY_LACK_OF_FACILITIES = 4;

    private final SessionKey key;
    private final SessionSettings settings;
    private SessionState state;
    private @Nullable ForwardingEntry entry;
    private @Nullable CallCipher cipher;
    private long wakeAt = Long.MAX_VALUE;
    private int dataNs;
    private long arrivedPackets;
    private long arrivedOctets;
    private long sentPackets;
    private long sentOctets;

    CallEnd(SessionKey key, SessionSettings settings) {
        this.key = key;
        this.settings = settings;
        this.state = new SessionState.Idle(key);
    }

    /** The answer to a call that this end does not take. */
    static ControlMessage.Cdn refusal(int sessionId) {
        return new ControlMessage.Cdn(ResultCode.of(TEMPORARY_LACK_OF_FACILITIES), sessionId, null, null, List.of());
    }

    SessionKey key() {
        return key;
    }

    SessionSettings settings() {
        return settings;
    }

    SessionState state() {
        return state;
    }

    void become(SessionState now) {
        state = now;
    }

    long deadline() {
        return SessionDecider.deadline(state);
    }

    /** The time at which this call stands in the queue of its tunnel. */
    long wakeAt() {
        return wakeAt;
    }

    void wakeAt(long time) {
        wakeAt = time;
    }

    boolean forwarding() {
        return entry != null;
    }

    @Nullable
    ForwardingEntry entry() {
        return entry;
    }

    /** New entries count from zero. */
    void install(@Nullable ForwardingEntry newEntry) {
        entry = newEntry;
        cipher = CallCipher.of(newEntry, cipher);
        arrivedPackets = 0;
        arrivedOctets = 0;
        sentPackets = 0;
        sentOctets = 0;
    }

    /** Null when the call's packets are not encrypted. */
    @Nullable
    CallCipher cipher() {
        return cipher;
    }

    int nextDataNs() {
        int ns = dataNs;
        dataNs = dataNs + 1 & 0xffff;
        return ns;
    }

    void countArrived(int octets) {
        arrivedPackets++;
        arrivedOctets += octets;
    }

    void countSent(int octets) {
        sentPackets++;
        sentOctets += octets;
    }

    /** "Up" is what arrives from the peer, whichever end this is: the decider's sign of life. */
    SessionCounters counters() {
        return new SessionCounters(arrivedPackets, arrivedOctets, sentPackets, sentOctets, 0);
    }
}
