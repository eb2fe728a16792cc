package io.warren.bench;

import java.util.Map;
import java.util.TreeMap;

/** What became of the calls of a {@link Turnover}. Belongs to one thread at a time. */
final class NewCallCounts {
    private static final int MOST_REASONS = 50;

    private final LatencyHistogram setUp = new LatencyHistogram();
    private final LatencyHistogram refusals = new LatencyHistogram();
    private final Map<String, Integer> refused = new TreeMap<>();
    private final Map<String, Integer> failed = new TreeMap<>();
    private int tried;
    private int heldBack;
    private int accepted;
    private int lost;
    private int tunnelsClosed;
    private int strays;

    /** The longest time without a call that was accepted. */
    private long lastAccepted;

    private long longest;
    private long longestBegan;
    private boolean stopped;

    NewCallCounts(long began) {
        lastAccepted = began;
        longestBegan = began;
    }

    void tried(long now) {
        if (tried++ == 0) {
            lastAccepted = now;
        }
    }

    int tried() {
        return tried;
    }

    /** A call was due, but too many were half up. */
    void heldBack() {
        heldBack++;
    }

    void accepted(long now, long took) {
        accepted++;
        setUp.add(took);
        if (!stopped) {
            silentUntil(now);
        }
        lastAccepted = now;
    }

    private void silentUntil(long now) {
        if (now - lastAccepted > longest) {
            longest = now - lastAccepted;
            longestBegan = lastAccepted;
        }
    }

    void stopped(long now) {
        silentUntil(now);
        stopped = true;
    }

    void refused(String why, long took) {
        refusals.add(took);
        count(refused, why);
    }

    void failed(String why) {
        count(failed, why);
    }

    private static void count(Map<String, Integer> counts, String why) {
        counts.merge(counts.size() < MOST_REASONS || counts.containsKey(why) ? why : "other", 1, Integer::sum);
    }

    /** A call that was up was ended by somebody else. */
    void lost() {
        lost++;
    }

    void tunnelClosed() {
        tunnelsClosed++;
    }

    /** A packet came to one of these calls. */
    void stray() {
        strays++;
    }

    Answer.NewCalls figures(long now, double perSecond, int pending, Answer.Control control) {
        if (!stopped && tried > 0) {
            silentUntil(now);
        }
        return new Answer.NewCalls(
                tried,
                heldBack,
                accepted,
                Map.copyOf(refused),
                Map.copyOf(failed),
                pending,
                lost,
                tunnelsClosed,
                strays,
                setUp.quantile(0.5) / 1e6,
                setUp.quantile(1) / 1e6,
                refusals.quantile(0.5) / 1e6,
                refusals.quantile(1) / 1e6,
                Math.max(0, longest / 1e6 - 1_000 / perSecond),
                longestBegan,
                control);
    }
}
