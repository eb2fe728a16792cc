package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long LEAST = 20;
    private final Pace pace = new Pace(1_000, LEAST);

    @Test
    void theFirstStepIsDoneAtOnce() {
        assertThat(pace.rest(1_000)).isZero();
    }

    @Test
    void aStepThatCostsLittleIsFollowedByTheLeastRest() {
        pace.did(1_000, 1_001);
        assertThat(pace.rest(1_001)).isEqualTo(LEAST);
        assertThat(pace.rest(1_020)).isEqualTo(1);
        assertThat(pace.rest(1_021)).isZero();
        assertThat(pace.rest(9_999)).isZero();
    }

    @Test
    void aDearStepTakesATenthOfTheTime() {
        pace.did(1_000, 1_100);
        assertThat(pace.rest(1_100)).isEqualTo(900);
    }

    @Test
    void aPauseOfTheMachineDoesNotPutItOffForLong() {
        pace.did(0, 60_000_000_000L);
        assertThat(pace.rest(60_000_000_000L)).isEqualTo(500_000_000);
    }
}
