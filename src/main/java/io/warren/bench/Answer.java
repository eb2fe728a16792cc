package io.warren.bench;

import java.util.List;
import java.util.Map;

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

    record Silence(Gaps gaps) implements Answer {}

    /**
     * What passed on the control connections.
     *
     * @param hellos of ours
     * @param acknowledged messages of ours, HELLOs included
     * @param medianMillis, p99Millis that a message waited for its acknowledgement
     * @param gaps the longest such time of each tunnel
     * @param cdns, stopCcns that came, repeats included
     * @param wrongSources datagrams, also of data, that came from another address or port than the one we speak to
     */
    record Control(
            long hellos,
            long acknowledged,
            double medianMillis,
            double p99Millis,
            Gaps gaps,
            long cdns,
            long stopCcns,
            long wrongSources)
            implements Answer {}

    /** Something went wrong at a time of {@link System#nanoTime}. */
    record Happened(long at, String what) {}

    /**
     * How calls have fared that were meant to stay.
     *
     * @param lost, tunnelsClosed, renumbered, duplicateAddresses since they were set up
     * @param renumbered calls that got another address
     * @param duplicateAddresses how often an address was given to a call, of these or the new ones, while another had it
     * @param control since the run began
     * @param happened since the last time
     */
    record Kept(
            int lost,
            int tunnelsClosed,
            int renumbered,
            int duplicateAddresses,
            Control control,
            List<Happened> happened)
            implements Answer {}

    /**
     * What became of the calls that come and go.
     *
     * @param heldBack that were due, and were not placed since too many were half up
     * @param accepted that came up
     * @param refused by the LNS, by result code
     * @param failed in other ways, by reason
     * @param pending that are half up
     * @param lost that had been up, and were ended by somebody else
     * @param strays packets that came to them
     * @param medianSetUpMillis, worstSetUpMillis from ICRQ until IP was up
     * @param medianRefusalMillis, worstRefusalMillis from ICRQ to CDN
     * @param gapMillis the longest time in which no call was accepted, less the usual distance of two
     * @param gapBegan when that began
     */
    record NewCalls(
            int tried,
            int heldBack,
            int accepted,
            Map<String, Integer> refused,
            Map<String, Integer> failed,
            int pending,
            int lost,
            int tunnelsClosed,
            int strays,
            double medianSetUpMillis,
            double worstSetUpMillis,
            double medianRefusalMillis,
            double worstRefusalMillis,
            double gapMillis,
            long gapBegan,
            Control control)
            implements Answer {}

    record Fetched(int status, String body) implements Answer {}
}
