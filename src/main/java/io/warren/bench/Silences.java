package io.warren.bench;

/**
 * The longest silence of each flow: the time between two packets that came one after the other, less what lay between them
 * when they were sent. When packets between them were lost, that is the mean distance of these packets, so that neither a
 * slow rate nor a sender that had to wait looks like a silence. Belongs to one thread at a time; costs a few words of
 * memory a packet.
 */
final class Silences {
    /** So many packets that did not come are no accident of the last moment. */
    private static final int LAST_FEW = 2;

    private final long began;
    /** By flow: when the last packet in order came, when it was sent, and the number after its own. */
    private final long[] cameAt;

    private final long[] sentAt;
    private final int[] next;

    /** By flow: the longest silence so far, and when it began. */
    private final long[] longest;

    private final long[] longestBegan;

    /** @param began before the first packet is sent, of {@link System#nanoTime} */
    Silences(int flows, long began) {
        this.began = began;
        cameAt = new long[flows];
        sentAt = new long[flows];
        next = new int[flows];
        longest = new long[flows];
        longestBegan = new long[flows];
    }

    /** A packet came. One that others of its flow have overtaken ends no silence. */
    void arrived(int flow, int sequence, long sent, long now) {
        int steps = sequence - next[flow] + 1;
        if (steps < 1) {
            return;
        }
        if (next[flow] > 0) {
            note(flow, cameAt[flow], now - cameAt[flow] - (sent - sentAt[flow]) / steps);
        } else {
            // All that were sent before it are lost.
            note(flow, began, sequence == 0 ? now - sent : now - began);
        }
        next[flow] = sequence + 1;
        cameAt[flow] = now;
        sentAt[flow] = sent;
    }

    private void note(int flow, long since, long silence) {
        if (silence > longest[flow]) {
            longest[flow] = silence;
            longestBegan[flow] = since;
        }
    }

    /**
     * All of them, with those that have not ended.
     *
     * @param ended when the sender ended
     * @param interval as in {@link Order.Silent}
     */
    Gaps gaps(long ended, long interval) {
        long[] all = longest.clone();
        long[] since = longestBegan.clone();
        int atEnd = 0;
        for (int flow = 0; flow < all.length; flow++) {
            long last = next[flow] > 0 ? cameAt[flow] : began;
            long silence = ended - last - interval;
            // The last packet alone may just have been lost.
            if (silence > Gaps.NOTABLE_MILLIS * 1e6 && silence > LAST_FEW * interval) {
                atEnd++;
            }
            if (silence > all[flow]) {
                all[flow] = silence;
                since[flow] = last;
            }
        }
        return Gaps.of(all, since, atEnd);
    }
}
