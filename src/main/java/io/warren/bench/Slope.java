package io.warren.bench;

/**
 * How a quantity goes with time: a straight line through its samples (least squares).
 *
 * @param perSecond how much it grows
 * @param mean of the samples
 * @param seconds from the first sample to the last
 * @param uncertainty standard error of {@code perSecond}
 */
record Slope(double perSecond, double mean, double seconds, double uncertainty) {
    /** So much growth over the whole time, as a part of the mean, is called none. */
    private static final double NEGLIGIBLE = 0.02;

    /** At least three samples, at as many times in seconds. */
    static Slope of(double[] times, double[] values) {
        int count = times.length;
        double timeMean = mean(times);
        double valueMean = mean(values);
        double both = 0;
        double timeSquares = 0;
        for (int i = 0; i < count; i++) {
            both += (times[i] - timeMean) * (values[i] - valueMean);
            timeSquares += (times[i] - timeMean) * (times[i] - timeMean);
        }
        double slope = timeSquares == 0 ? 0 : both / timeSquares;
        double rest = 0;
        for (int i = 0; i < count; i++) {
            double off = values[i] - valueMean - slope * (times[i] - timeMean);
            rest += off * off;
        }
        double error = timeSquares == 0 || count < 3 ? 0 : Math.sqrt(rest / (count - 2) / timeSquares);
        return new Slope(slope, valueMean, times[count - 1] - times[0], error);
    }

    /**
     * Of the lowest value among every so many samples, one after the other. Caches fill and are emptied, batches come and
     * go: what cannot be freed is what lifts the floor.
     */
    static Slope ofFloor(double[] times, double[] values, int together) {
        int floors = times.length / together;
        double[] floorTimes = new double[floors];
        double[] floorValues = new double[floors];
        for (int floor = 0; floor < floors; floor++) {
            int lowest = floor * together;
            for (int i = lowest + 1; i < (floor + 1) * together; i++) {
                lowest = values[i] < values[lowest] ? i : lowest;
            }
            floorTimes[floor] = times[lowest];
            floorValues[floor] = values[lowest];
        }
        return of(floorTimes, floorValues);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Whether it did not grow, as far as these samples can tell: by next to nothing, or within what chance does. */
    boolean flat() {
        return perSecond * seconds <= NEGLIGIBLE * mean || perSecond <= 2 * uncertainty;
    }
}
