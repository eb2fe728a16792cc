package io.warren.control;

import java.time.Duration;

/**
 * Whether messages wait so long for a processor that one call more would only make the others late. Judged by the
 * shortest wait in an interval, as in CoDel (RFC 8289 §3.3): a burst that is worked off is no strain, a queue that stands
 * is. Thread-safe; knows no clock.
 */
public final class Strain {
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    private final long most;
    private boolean hasBegun;
    private long since;
    private long shortest;
    private volatile boolean strained;

    /** @param most the wait that is put up with */
    public Strain(Duration most) {
        this.most = most.toNanos();
    }

    public boolean isStrained() {
        return strained;
    }

    /**
     * A message has waited for so long.
     *
     * @param waited nanoseconds
     * @param now monotonic nanoseconds
     * @return whether strain has begun or ended by this
     */
    public synchronized boolean waited(long waited, long now) {
        boolean before = strained;
        if (!hasBegun) {
            begin(now);
        }
        shortest = Math.min(shortest, waited);
        if (before && waited < most / 2) {
            strained = false;
            begin(now);
        } else if (now - since >= INTERVAL) {
            strained = shortest > most;
            begin(now);
        }
        return strained != before;
    }

    /**
     * A message waits for so long already, and still does.
     *
     * @return as {@link #waited}
     */
    public boolean waits(long sinceNanos, long now) {
        return sinceNanos > most && waited(sinceNanos, now);
    }

    private void begin(long now) {
        hasBegun = true;
        since = now;
        shortest = Long.MAX_VALUE;
    }
}
