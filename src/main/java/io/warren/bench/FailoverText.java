package io.warren.bench;

import java.util.Formatter;
import java.util.Locale;

/** A {@link FailoverReport} for people. */
final class FailoverText {
    private static final int MOST_EVENTS = 12;

    private FailoverText() {}

    static String of(FailoverReport report) {
        Formatter text = new Formatter(Locale.ROOT);
        text.format(
                "%,d calls in %d tunnels to %s, set up in %.1f s; %d failed%n",
                report.dialled(), report.tunnels(), report.lns(), report.dialSeconds(), report.dialFailed());
        for (FailoverReport.Round round : report.rounds()) {
            round(text, round);
        }
        text.format("%s%n", report.allRight() ? "all right" : "NOT all right");
        return text.toString();
    }

    private static void round(Formatter text, FailoverReport.Round round) {
        text.format("%n");
        if (round.command() != null) {
            text.format(
                    "%s (ended with %d after %.1f s)%n",
                    round.command().strip(), round.status(), round.commandSeconds());
        }
        text.format(
                "calls lost %d, tunnels closed %d, CDN %d, StopCCN %d, renumbered %d, addresses given twice %d%n",
                round.callsLost(),
                round.tunnelsClosed(),
                round.cdns(),
                round.stopCcns(),
                round.renumbered(),
                round.duplicateAddresses());
        text.format(
                "%-9s %11s %9s %8s %7s %10s %9s %8s %8s%n",
                "", "sent", "lost", "%", "with gap", "median ms", "worst ms", "at ms", "at end");
        traffic(text, "up", round.up());
        traffic(text, "down", round.down());
        control(text, "HELLO", round.control());
        if (round.newCalls() != null) {
            control(text, "new calls", round.newCalls().control());
            newCalls(text, round.newCalls());
        }
        round.events().stream()
                .limit(MOST_EVENTS)
                .forEach(event -> text.format("%+9.0f ms  %s%n", event.atMs(), event.what()));
    }

    private static void traffic(Formatter text, String name, FailoverReport.Traffic traffic) {
        FailoverReport.Gap gap = traffic.gap();
        text.format(
                "%-9s %,11d %,9d %8.3f %8d %10.0f %9.0f %+8.0f %8d  %d duplicated, %d misdelivered, %d corrupt, %d re-ordered%n",
                name,
                traffic.sent(),
                traffic.lost(),
                traffic.lossPercent(),
                gap.count(),
                gap.medianMs(),
                gap.worstMs(),
                gap.worstAtMs(),
                gap.atEnd(),
                traffic.duplicated(),
                traffic.misdelivered(),
                traffic.corrupt(),
                traffic.reordered());
    }

    private static void control(Formatter text, String name, FailoverReport.Control control) {
        FailoverReport.Gap gap = control.gap();
        text.format(
                "%-9s %,11d %9s %8s %8d %10.0f %9.0f %+8.0f %8d  acknowledged after %.1f ms (median), %.1f ms (p99)%n",
                name,
                control.acknowledged(),
                "",
                "",
                gap.count(),
                gap.medianMs(),
                gap.worstMs(),
                gap.worstAtMs(),
                gap.atEnd(),
                control.medianMs(),
                control.p99Ms());
    }

    private static void newCalls(Formatter text, FailoverReport.NewCalls calls) {
        text.format(
                "new calls: %,d tried, %,d up after %.0f ms (median; worst %.0f), refused %s, failed %s, lost %d;"
                        + " none accepted for %.0f ms at %+.0f ms%n",
                calls.tried(),
                calls.accepted(),
                calls.medianSetUpMs(),
                calls.worstSetUpMs(),
                calls.refused(),
                calls.failed(),
                calls.lost(),
                calls.gapMs(),
                calls.gapAtMs());
    }
}
