package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlopeTest {
    private static final double[] TIMES =
            IntStream.range(0, 40).mapToDouble(i -> 10.0 * i).toArray();

    private static Slope slope(java.util.function.DoubleUnaryOperator quantity) {
        return Slope.of(TIMES, java.util.Arrays.stream(TIMES).map(quantity).toArray());
    }

    @Test
    void aLineIsFound() {
        Slope slope = slope(time -> 50 + 0.1 * time);
        assertThat(slope.perSecond()).isCloseTo(0.1, within(1e-9));
        assertThat(slope.mean()).isCloseTo(50 + 0.1 * 195, within(1e-9));
        assertThat(slope.flat()).isFalse();
    }

    @Test
    void whatStaysOrShrinksOrHardlyGrowsIsFlat() {
        assertThat(slope(_ -> 50).flat()).isTrue();
        assertThat(slope(time -> 50 - time).flat()).isTrue();
        assertThat(slope(time -> 50 + 0.002 * time).flat()).isTrue();
    }

    @Test
    void aCacheThatFillsAndIsEmptiedIsFlatButALeakUnderItIsNot() {
        double[] sawtooth =
                java.util.Arrays.stream(TIMES).map(time -> 30 + time % 90 / 6).toArray();
        double[] leaking = IntStream.range(0, TIMES.length)
                .mapToDouble(i -> sawtooth[i] + 0.02 * TIMES[i])
                .toArray();
        assertThat(Slope.ofFloor(TIMES, sawtooth, 8).flat()).isTrue();
        assertThat(Slope.ofFloor(TIMES, leaking, 8).flat()).isFalse();
    }

    @Test
    void noiseIsFlatButALeakInNoiseIsNot() {
        Random random = new Random(4);
        assertThat(slope(_ -> 50 + random.nextGaussian()).flat()).isTrue();
        assertThat(slope(time -> 50 + 0.05 * time + random.nextGaussian()).flat())
                .isFalse();
    }
}
