package io.warren.control.cluster;

/**
 * When a step may be done again that costs the more, the more calls there are: after so long a rest that it takes a tenth
 * of a processor at most. Knows no clock. For one thread.
 */
final class Pace {
    /** Of the time that a step takes, rest after it. */
    private static final int REST = 9;

    /** A step that was held up, by a pause of the machine perhaps, does not put off the next for longer. */
    private static final long MOST = 500_000_000;

    private final long least;
    private long nextAt;

    /**
     * @param now monotonic nanoseconds, as everywhere here
     * @param least nanoseconds of rest after any step
     */
    Pace(long now, long least) {
        this.least = least;
        this.nextAt = now;
    }

    void did(long begun, long ended) {
        nextAt = ended + Math.clamp(REST * (ended - begun), least, MOST);
    }

    /** Nanoseconds until the next step; none when it may be done now. */
    long rest(long now) {
        return Math.max(0, nextAt - now);
    }
}
