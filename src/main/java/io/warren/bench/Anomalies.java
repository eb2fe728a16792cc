package io.warren.bench;

import java.util.Locale;

/**
 * What must not happen, in packets.
 *
 * @param duplicated came more than once
 * @param misdelivered came to (or as if from) another subscriber
 * @param corrupt came changed, or was never sent
 * @param reordered came after a later one of its flow
 */
record Anomalies(long duplicated, long misdelivered, long corrupt, long reordered) {
    static final Anomalies NONE = new Anomalies(0, 0, 0, 0);

    Anomalies plus(Anomalies other) {
        return new Anomalies(
                duplicated + other.duplicated,
                misdelivered + other.misdelivered,
                corrupt + other.corrupt,
                reordered + other.reordered);
    }

    /** For a line that people read. */
    String inWords() {
        return String.format(
                Locale.ROOT,
                "%d duplicated, %d misdelivered, %d corrupt, %d re-ordered",
                duplicated,
                misdelivered,
                corrupt,
                reordered);
    }

    boolean none() {
        return equals(NONE);
    }
}
