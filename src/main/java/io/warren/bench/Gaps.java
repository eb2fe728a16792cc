package io.warren.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The longest silences of many, in milliseconds. Only those over {@link #NOTABLE_MILLIS} count as gaps.
 *
 * @param count how many had a gap
 * @param medianMillis, p99Millis of those that had one; 0 when none had
 * @param worstMillis the longest silence, even if it is no gap
 * @param worstBegan when it began, of {@link System#nanoTime}; 0 when there was none
 * @param atEnd how many were still silent at the end
 */
record Gaps(int count, double medianMillis, double p99Millis, double worstMillis, long worstBegan, int atEnd) {
    /** What is shorter may as well be the machine's doing. */
    static final double NOTABLE_MILLIS = 200;

    static final Gaps NONE = new Gaps(0, 0, 0, 0, 0, 0);

    /**
     * @param longest of each, in nanoseconds
     * @param began when that one began
     */
    static Gaps of(long[] longest, long[] began, int atEnd) {
        double[] notable = Arrays.stream(longest)
                .mapToDouble(nanos -> nanos / 1e6)
                .filter(millis -> millis > NOTABLE_MILLIS)
                .sorted()
                .toArray();
        int worst = IntStream.range(0, longest.length)
                .boxed()
                .max(Comparator.comparingLong(index -> longest[index]))
                .orElse(-1);
        if (worst < 0) {
            return NONE;
        }
        return new Gaps(
                notable.length,
                quantile(notable, 0.5),
                quantile(notable, 0.99),
                longest[worst] / 1e6,
                began[worst],
                atEnd);
    }

    private static double quantile(double[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
    }
}
