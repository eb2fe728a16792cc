package io.warren.bench;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Judges the packets that arrive in one run: whether each is whole, came to the right one, once and in the order of its
 * flow. Belongs to one thread at a time.
 */
final class Arrivals {
    /** As many sequence numbers behind the highest are remembered. */
    private static final int REMEMBERED = 64;

    private final int kind;
    private final int run;
    private final int[] next;
    private final long[] seen;
    private final @Nullable Silences silences;
    private final LatencyHistogram latency = new LatencyHistogram();
    private long received;
    private long octets;
    private long duplicated;
    private long misdelivered;
    private long corrupt;
    private long reordered;

    /** @param silences looks at the times between packets; null: nobody does */
    Arrivals(int kind, int run, int flows, @Nullable Silences silences) {
        this.kind = kind;
        this.run = run;
        this.next = new int[flows];
        this.seen = new long[flows];
        this.silences = silences;
    }

    /**
     * A UDP payload came.
     *
     * @param rightful the flow that the addresses (and the tunnel's and session's ids) stand for; negative: none
     * @param now of {@link System#nanoTime}
     */
    void arrived(MemorySegment memory, long at, int length, int rightful, long now) {
        if (!Payload.whole(memory, at, length, kind)) {
            corrupt++;
            return;
        }
        if (Payload.run(memory, at) != run) {
            // Left over from an earlier run, which has been counted.
            return;
        }
        int flow = Payload.flow(memory, at);
        if (flow != rightful || flow < 0 || flow >= next.length) {
            misdelivered++;
            return;
        }
        int sequence = Payload.sequence(memory, at);
        if (order(flow, sequence)) {
            received++;
            octets += length;
            latency.add(now - Payload.time(memory, at));
            if (silences != null) {
                silences.arrived(flow, sequence, Payload.time(memory, at), now);
            }
        }
    }

    /** A packet came that is none of ours, or was taken to pieces on its way. */
    void strange() {
        corrupt++;
    }

    /** Whether the packet is no copy of an earlier one. */
    private boolean order(int flow, int sequence) {
        int ahead = sequence - next[flow];
        if (ahead >= 0) {
            seen[flow] = ahead + 1 >= REMEMBERED ? 1 : (seen[flow] << (ahead + 1)) | 1;
            next[flow] = sequence + 1;
            return true;
        }
        // Bit 0 stands for the highest one seen.
        int behind = -ahead - 1;
        if (behind < REMEMBERED && ((seen[flow] >>> behind) & 1) == 1) {
            duplicated++;
            return false;
        }
        if (behind < REMEMBERED) {
            seen[flow] |= 1L << behind;
        }
        reordered++;
        return true;
    }

    /** As {@link Silences#gaps}; none when nobody looked. */
    Gaps gaps(long ended, long interval) {
        return silences == null ? Gaps.NONE : silences.gaps(ended, interval);
    }

    Answer.Counts counts() {
        return new Answer.Counts(
                received,
                octets,
                new Anomalies(duplicated, misdelivered, corrupt, reordered),
                latency.quantile(0.5) / 1_000.0,
                latency.quantile(0.99) / 1_000.0);
    }
}
