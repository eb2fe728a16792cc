package io.warren.control.port;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the counters of one call. Each node that forwards a call counts on a meter of its own, which only ever
 * rises, from zero; a call has moved what all of its meters show.
 *
 * @param number of the meter here, which no other has on any node; 0: there is none
 * @param here what it shows
 * @param elsewhere what others have shown, as far as was heard
 */
public record Meters(
        long number, SessionCounters here, @Nullable CallMeters elsewhere) {
    /** A call that nobody has counted. */
    public static final Meters NONE = new Meters(0, SessionCounters.ZERO, null);

    /** Of a call that only ever is here. */
    public static Meters here(SessionCounters counters) {
        return new Meters(1, counters, null);
    }
}
