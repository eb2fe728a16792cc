package io.warren.ppp;

import java.time.Duration;

/**
 * How often the network of a link may yet come up: each time is written down somewhere, and a peer can bring it about with
 * two packets.
 *
 * @param left times
 * @param since when they were so many, in monotonic nanoseconds
 */
record Renewals(int left, long since) {
    static final int MOST = 20;

    /** After so many nanoseconds there is one more. */
    static final long EACH = Duration.ofSeconds(3).toNanos();

    static final Renewals ALL = new Renewals(MOST, Long.MIN_VALUE);

    boolean isSpent(long now) {
        return at(now).left == 0;
    }

    /** One less. */
    Renewals taken(long now) {
        Renewals here = at(now);
        return new Renewals(here.left - 1, here.since);
    }

    private Renewals at(long now) {
        if (left == MOST) {
            return new Renewals(MOST, now);
        }
        long more = (now - since) / EACH;
        return left + more >= MOST ? new Renewals(MOST, now) : new Renewals((int) (left + more), since + more * EACH);
    }
}
