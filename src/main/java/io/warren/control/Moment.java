package io.warren.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/**
 * When a decision is made, and its source of chance: passed in, so that deciders stay pure.
 *
 * @param nanos monotonic time, comparable only within one process
 * @param wall time of day, for the journal
 * @param random unpredictable in production, seeded in tests
 */
public record Moment(long nanos, Instant wall, RandomGenerator random) {
    /** The journal keeps microseconds: what is compared with it must not know more. */
    public Moment {
        wall = wall.truncatedTo(ChronoUnit.MICROS);
    }
}
