package io.warren.bench;

import java.util.List;

/** What a {@link Side} answers to an {@link Order}. */
sealed interface Answer {
    record Done() implements Answer {}

    record Failed(String reason) implements Answer {}

    /**
     * @param seconds from the first SCCRQ until the last call was up
     * @param medianMillis, p99Millis from ICRQ until IP was up
     * @param addresses of the calls that are up, as big-endian ints; a call's place is its flow number
     */
    record Dialled(int up, int failed, double seconds, double medianMillis, double p99Millis, List<Integer> addresses)
            implements Answer {}

    /** @param lost calls that had been up and that the LNS ended before */
    record HungUp(int lost) implements Answer {}

    /**
     * @param packets that the kernel took
     * @param refused that it did not take
     */
    record Sent(long packets, long refused, double seconds) implements Answer {}

    /**
     * @param received without copies
     * @param octets of UDP payload
     * @param medianMicros, p99Micros from sender to receiver
     */
    record Counts(long received, long octets, Anomalies anomalies, double medianMicros, double p99Micros)
            implements Answer {}

    record Fetched(int status, String body) implements Answer {}
}
