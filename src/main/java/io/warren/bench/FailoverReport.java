package io.warren.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code warren bench failover} found. Its names are those of the JSON that is printed. Times of day are in
 * milliseconds after the command of the round began, negative before it.
 *
 * @param dialled calls that came up, and that everything else is about
 * @param warmUp what these moved before the first round
 * @param allRight whether no call was lost or renumbered, none was ended by the LNS, all packets had its address, none is without data or control at
 *     the end of a round, no address was given twice, and no packet was duplicated, misdelivered or corrupt
 */
record FailoverReport(
        String lns,
        int tunnels,
        int dialled,
        int dialFailed,
        double dialSeconds,
        WarmUp warmUp,
        List<Round> rounds,
        boolean allRight) {
    /** Packets that were sent and not looked for. */
    record WarmUp(long up, long down) {}

    /**
     * One command, and the traffic before, meanwhile and after.
     *
     * @param command null: nothing was done
     * @param status of the command; 124: it took too long
     * @param cdns, stopCcns that came in the tunnels of the calls, repeats included
     * @param renumbered calls that got another address
     * @param newCalls null: there were none
     */
    record Round(
            @Nullable String command,
            int status,
            double commandSeconds,
            double seconds,
            Traffic up,
            Traffic down,
            Control control,
            @Nullable NewCalls newCalls,
            int callsLost,
            int tunnelsClosed,
            long cdns,
            long stopCcns,
            int renumbered,
            int duplicateAddresses,
            List<Event> events) {
        boolean allRight() {
            return status == 0
                    && callsLost + tunnelsClosed + cdns + stopCcns + renumbered + duplicateAddresses == 0
                    && up.allRight()
                    && down.allRight()
                    && control.gap().atEnd() + control.wrongSources() == 0
                    && (newCalls == null || newCalls.allRight());
        }
    }

    /** One direction. */
    record Traffic(
            long sent,
            long received,
            long lost,
            double lossPercent,
            long duplicated,
            long misdelivered,
            long corrupt,
            long reordered,
            double medianMicros,
            double p99Micros,
            Gap gap) {
        static Traffic of(Answer.Sent sent, Answer.Counts counts, Gap gap) {
            long lost = sent.packets() - counts.received();
            return new Traffic(
                    sent.packets(),
                    counts.received(),
                    lost,
                    sent.packets() == 0 ? 0 : 100.0 * lost / sent.packets(),
                    counts.anomalies().duplicated(),
                    counts.anomalies().misdelivered(),
                    counts.anomalies().corrupt(),
                    counts.anomalies().reordered(),
                    counts.medianMicros(),
                    counts.p99Micros(),
                    gap);
        }

        boolean allRight() {
            return sent > 0 && duplicated + misdelivered + corrupt == 0 && gap.atEnd() == 0;
        }
    }

    /**
     * As {@link Gaps}.
     *
     * @param worstAtMs when the worst began
     */
    record Gap(int count, double medianMs, double p99Ms, double worstMs, double worstAtMs, int atEnd) {
        static Gap of(Gaps gaps, long ready) {
            return new Gap(
                    gaps.count(),
                    round(gaps.medianMillis()),
                    round(gaps.p99Millis()),
                    round(gaps.worstMillis()),
                    gaps.worstBegan() == 0 ? 0 : round((gaps.worstBegan() - ready) / 1e6),
                    gaps.atEnd());
        }
    }

    /**
     * How long messages of ours waited for their acknowledgement: HELLOs, and with new calls theirs.
     *
     * @param wrongSources datagrams that came from another address or port than the one we speak to
     * @param gap the longest of each tunnel
     */
    record Control(long hellos, long acknowledged, double medianMs, double p99Ms, long wrongSources, Gap gap) {
        static Control of(Answer.Control control, long ready) {
            return new Control(
                    control.hellos(),
                    control.acknowledged(),
                    round(control.medianMillis()),
                    round(control.p99Millis()),
                    control.wrongSources(),
                    Gap.of(control.gaps(), ready));
        }
    }

    /**
     * As {@link Answer.NewCalls}.
     *
     * @param gapMs the longest time without a call that was accepted
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
            double medianSetUpMs,
            double worstSetUpMs,
            double medianRefusalMs,
            double worstRefusalMs,
            double gapMs,
            double gapAtMs,
            Control control) {
        static NewCalls of(Answer.NewCalls calls, long ready) {
            return new NewCalls(
                    calls.tried(),
                    calls.heldBack(),
                    calls.accepted(),
                    new TreeMap<>(calls.refused()),
                    new TreeMap<>(calls.failed()),
                    calls.pending(),
                    calls.lost(),
                    calls.tunnelsClosed(),
                    calls.strays(),
                    round(calls.medianSetUpMillis()),
                    round(calls.worstSetUpMillis()),
                    round(calls.medianRefusalMillis()),
                    round(calls.worstRefusalMillis()),
                    round(calls.gapMillis()),
                    round((calls.gapBegan() - ready) / 1e6),
                    Control.of(calls.control(), ready));
        }

        /** Refusals and failures are for others to judge. */
        boolean allRight() {
            return accepted > 0 && lost + tunnelsClosed + strays + control.wrongSources() == 0;
        }
    }

    record Event(double atMs, String what) {
        static Event of(Answer.Happened happened, long ready) {
            return new Event(round((happened.at() - ready) / 1e6), happened.what());
        }
    }

    private static double round(double millis) {
        return Math.round(millis * 10) / 10.0;
    }
}
