package io.warren.control.port;

import io.warren.wire.Bytes;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forwarding table as the control plane sees it. Safe to call from any thread. */
public interface SessionPlane {
    /** Installs or replaces the entry of {@code entry.key()}; counters of a replaced entry go on. */
    void install(ForwardingEntry entry);

    /** Installs many at once: after a restart. */
    void installAll(Collection<ForwardingEntry> entries);

    /** Removes the entry, if there is one, and returns its last counters. */
    SessionCounters remove(SessionKey key);

    /** What the call has moved here, now: with its present entry and with those before, until it is {@linkplain #forget over}. */
    SessionCounters counters(SessionKey key);

    /** The same, and what is known of other nodes' counters of it. */
    default Meters meters(SessionKey key) {
        return Meters.here(counters(key));
    }

    /** What other nodes' meters showed is in the journal up to here, by their numbers: no need to remember that. */
    default void noted(SessionKey key, Map<Long, SessionCounters> meters) {}

    /** Puts a call under other limits, at once; nothing happens to a call without an entry. */
    void limit(SessionKey key, TrafficLimits limits);

    /**
     * The Ns for a PPP frame that the control plane sends: all frames of a call share one counter with its data (RFC
     * 2661 §5.4). It counts from the first frame on, when there is no entry yet, and outlives each entry.
     */
    int takeNs(SessionKey key);

    /**
     * A PPP frame that the control plane sends, as it has to leave: an IP packet is encrypted or compressed if the call's
     * packets are. Null when it cannot leave.
     */
    default @Nullable Bytes encrypted(SessionKey key, Bytes frame) {
        return frame;
    }

    /** Whether one more call may be compressed. */
    default boolean hasRoomForCompression() {
        return true;
    }

    /** The call is over: what is known of it beside its entry may go. */
    void forget(SessionKey key);
}
