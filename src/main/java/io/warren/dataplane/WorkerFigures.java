package io.warren.dataplane;

import java.util.List;

/**
 * What one packet thread has done since its start.
 *
 * @param name of the thread
 * @param nanos since it started
 * @param busyNanos of them, not waiting for packets
 * @param packets taken in
 * @param batches in which they came
 * @param longestBatchNanos longest time from taking in a batch to having passed on its last packet
 * @param batchNanos how many batches took how long: element n counts those of 2<sup>n</sup> to 2<sup>n+1</sup>
 *     microseconds, element 0 also the shorter, the last also the longer ones
 */
public record WorkerFigures(
        String name,
        long nanos,
        long busyNanos,
        long packets,
        long batches,
        long longestBatchNanos,
        List<Long> batchNanos) {
    private static final long MICROSECOND = 1_000;

    public WorkerFigures {
        batchNanos = List.copyOf(batchNanos);
    }

    /** 0 to 1: how much of its time it did not wait. */
    public double busyShare() {
        return nanos <= 0 ? 0 : Math.min(1, (double) busyNanos / nanos);
    }

    /**
     * The time within which this share of the batches was done: the upper end of its element, and never more than the
     * longest. 0 without batches.
     *
     * @param share more than 0, up to 1
     */
    public long withinNanos(double share) {
        long all = batchNanos.stream().mapToLong(Long::longValue).sum();
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int element = 0; element < batchNanos.size() && all > 0; element++) {
            seen += batchNanos.get(element);
            if (seen >= wanted) {
                boolean last = element == batchNanos.size() - 1;
                return last ? longestBatchNanos : Math.min(longestBatchNanos, (MICROSECOND * 2) << element);
            }
        }
        return 0;
    }
}
