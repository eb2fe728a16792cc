package io.warren.bench;

/** Durations in buckets that are about 6 % wide. Belongs to one thread at a time. */
final class LatencyHistogram {
    private static final int STEPS = 16;
    private final int[] counts = new int[64 * STEPS];
    private long total;

    /** @param nanos negative ones count as 0 */
    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    /** The duration, in nanoseconds, that the given part of all does not exceed; 0 when there are none. */
    long quantile(double part) {
        long rank = (long) (part * (total - 1));
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen > rank) {
                return value(bucket);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        return (exponent - 3) * STEPS + (int) ((nanos >>> (exponent - 4)) & (STEPS - 1));
    }

    private static long value(int bucket) {
        return bucket < STEPS ? bucket : (long) (STEPS + bucket % STEPS) << (bucket / STEPS - 1);
    }
}
