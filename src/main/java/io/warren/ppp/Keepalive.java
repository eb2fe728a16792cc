package io.warren.ppp;

/**
 * The LCP echo that finds a dead peer. Any sign of life puts it off.
 *
 * @param interval nanoseconds of silence before an Echo-Request, and between two; 0: never
 * @param unanswered Echo-Requests sent since the last sign of life
 * @param next when the next one is due; {@link Long#MAX_VALUE} while LCP is not Opened
 */
record Keepalive(long interval, int limit, int unanswered, long next) {
    static Keepalive of(LinkSettings settings) {
        return new Keepalive(
                settings.echoInterval().toNanos(), Math.max(settings.echoFailures(), 1), 0, Long.MAX_VALUE);
    }

    Keepalive started(long now) {
        return new Keepalive(interval, limit, 0, interval > 0 ? now + interval : Long.MAX_VALUE);
    }

    Keepalive stopped() {
        return new Keepalive(interval, limit, 0, Long.MAX_VALUE);
    }

    Keepalive heard(long now) {
        return next == Long.MAX_VALUE ? this : started(now);
    }

    Keepalive asked(long now) {
        return new Keepalive(interval, limit, unanswered + 1, now + interval);
    }

    boolean dead() {
        return unanswered >= limit;
    }
}
