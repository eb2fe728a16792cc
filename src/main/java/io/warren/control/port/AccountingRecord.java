package io.warren.control.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a call that is, or was, up.
 *
 * @param address the subscriber's, as a big-endian int
 * @param upSince when it was up first
 * @param at when this was so: for an end, when the call ended, however late it is told
 * @param counters all that the call has moved
 * @param cause of an end; null: not known
 */
public record AccountingRecord(
        Kind kind,
        CallDetails call,
        String user,
        int address,
        SubscriberProfile profile,
        Instant upSince,
        Instant at,
        SessionCounters counters,
        @Nullable TerminateCause cause) {
    public enum Kind {
        START,
        INTERIM,
        STOP
    }
}
