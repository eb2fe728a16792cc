package io.warren.bench;

import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Finds the highest rate without loss: doubles it until packets are lost, then halves the distance. */
final class RateSearch {
    private static final double FIRST = 20_000;
    private static final double LOWEST = 500;
    private static final double CLOSE_ENOUGH = 0.05;
    /** One of so many must be without loss: a neighbour on the machine may spoil a trial. */
    private static final int ATTEMPTS = 3;
    /** A rate that is so far away is not tried again. */
    private static final double HOPELESS = 0.15;
    /** So many successes at which the generator was the limit end the search. */
    private static final int LIMITED = 2;

    private RateSearch() {}

    /**
     * @param trial makes one, at so many packets per second
     * @return the best trial without loss; null when there was none
     */
    static @Nullable Trial search(DoubleFunction<Trial> trial) {
        Trial best = null;
        double good = 0;
        double bad = Double.POSITIVE_INFINITY;
        int limited = 0;
        double rate = FIRST;
        while (bad - good > good * CLOSE_ENOUGH && rate >= LOWEST && limited < LIMITED) {
            Trial last = attempt(trial, rate);
            if (last.lossFree()) {
                good = rate;
                best = best == null || last.rate() > best.rate() ? last : best;
                limited += last.generatorLimited() ? 1 : 0;
            } else {
                bad = rate;
            }
            rate = Double.isInfinite(bad) ? 2 * good : (good + bad) / 2;
        }
        return best;
    }

    private static Trial attempt(DoubleFunction<Trial> trial, double rate) {
        Trial best = trial.apply(rate);
        for (int more = 1; more < ATTEMPTS && spoilt(best); more++) {
            Trial next = trial.apply(rate);
            best = next.lossFree() && (!best.lossFree() || next.rate() > best.rate()) ? next : best;
        }
        return best;
    }

    private static boolean spoilt(Trial trial) {
        return trial.lossFree() ? trial.generatorLimited() : trial.loss() < HOPELESS;
    }
}
