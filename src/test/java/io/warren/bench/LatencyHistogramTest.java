package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void quantilesAreRightWithinABucket() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertThat(histogram.quantile(0.5)).isZero();
        for (int micros = 1; micros <= 1_000; micros++) {
            histogram.add(1_000L * micros);
        }
        assertThat(histogram.quantile(0.5)).isBetween(465_000L, 500_000L);
        assertThat(histogram.quantile(0.99)).isBetween(925_000L, 990_000L);
    }

    @Test
    void takesAnyDuration() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.add(-5);
        histogram.add(0);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.quantile(0)).isZero();
        assertThat(histogram.quantile(1)).isGreaterThan(Long.MAX_VALUE / 20 * 18);
    }
}
