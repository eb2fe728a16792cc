package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
    private static Trial trial(double wanted, double sent, double received) {
        return new Trial(wanted, (long) sent, (long) received, 1, 0.5, 0.5, Anomalies.NONE, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {900, 21_000, 143_000, 1_000_000})
    void findsWhatAnLnsCanDo(double capacity) {
        Trial best = RateSearch.search(rate -> trial(rate, rate, Math.min(rate, capacity)));
        assertThat(best).isNotNull();
        assertThat(best.rate()).isBetween(0.94 * capacity, 1.001 * capacity);
    }

    @Test
    void aSpoiltTrialIsTriedAgain() {
        Map<Double, Integer> tried = new HashMap<>();
        Trial best = RateSearch.search(rate -> {
            boolean first = tried.merge(rate, 1, Integer::sum) == 1;
            return trial(rate, rate, first ? 0.95 * rate : Math.min(rate, 100_000));
        });
        assertThat(best).isNotNull();
        assertThat(best.rate()).isBetween(94_000.0, 100_100.0);
    }

    @Test
    void endsWhenTheGeneratorIsTheLimit() {
        int[] trials = {0};
        Trial best = RateSearch.search(rate -> {
            trials[0]++;
            return trial(rate, Math.min(rate, 50_000), Math.min(rate, 50_000));
        });
        assertThat(best).isNotNull();
        assertThat(best.generatorLimited()).isTrue();
        assertThat(best.rate()).isEqualTo(50_000);
        assertThat(trials[0]).isLessThan(10);
    }

    @Test
    void givesUpWhenNothingComesThrough() {
        assertThat(RateSearch.search(rate -> trial(rate, rate, 0))).isNull();
    }
}
