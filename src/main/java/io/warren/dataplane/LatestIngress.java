package io.warren.dataplane;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Through which end of ours each peer came last, of those that came lately. Fixed size: a peer takes the place of
 * another with the same hash. Any thread, without lock.
 *
 * <p>An entry is two longs, the first of which is the exclusive or of both: when two threads write at once, what
 * does not belong together is found to be nobody's.
 */
final class LatestIngress {
    private static final int PLACES = 1 << 15;

    private final AtomicLongArray entries = new AtomicLongArray(2 * PLACES);

    /** Ends as in {@link Ends}. */
    void note(long peer, long local) {
        int place = place(peer);
        if (entries.getOpaque(place + 1) != local || entries.getOpaque(place) != (peer ^ local)) {
            entries.setOpaque(place, peer ^ local);
            entries.setOpaque(place + 1, local);
        }
    }

    /** {@link Ends#NONE} when it is not known. */
    long of(long peer) {
        int place = place(peer);
        long local = entries.getOpaque(place + 1);
        return (entries.getOpaque(place) ^ local) == peer ? local : Ends.NONE;
    }

    private static int place(long peer) {
        long hash = peer * 0x9e37_79b9_7f4a_7c15L;
        return (int) (hash >>> 49) << 1;
    }
}
