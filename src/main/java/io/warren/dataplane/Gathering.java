package io.warren.dataplane;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets packets gather while many come, as a network card's interrupt moderation does: waking up for a handful of packets
 * costs more than the packets. Below {@link #MANY_A_SECOND} there is no pause and so no added latency. One thread.
 */
final class Gathering {
    /** From here on a pause collects enough to pay for itself. */
    static final int MANY_A_SECOND = 40_000;

    /** The kernel adds its timer slack, usually 50 microseconds. */
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private long windowStart;
    private int inWindow;
    private boolean many;

    /**
     * To be called after each batch.
     *
     * @param packets of the batch
     * @param now monotonic, in nanoseconds
     * @return how long to pause before the next batch, in nanoseconds; 0: not at all
     */
    long after(int packets, long now) {
        inWindow += packets;
        long passed = now - windowStart;
        if (passed >= WINDOW_NANOS) {
            many = (long) inWindow * TimeUnit.SECONDS.toNanos(1) >= passed * MANY_A_SECOND;
            windowStart = now;
            inWindow = 0;
        }
        return many ? PAUSE_NANOS : 0;
    }

    static void pause(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }
}
