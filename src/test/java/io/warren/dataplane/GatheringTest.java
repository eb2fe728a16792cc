package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final long MILLISECOND = 1_000_000;

    private final Gathering gathering = new Gathering();
    private long now = 5 * MILLISECOND;

    /** Batches of one packet at that rate, for 20 ms; returns the last answer. */
    private long at(int packetsPerSecond) {
        long pause = 0;
        for (int packet = 0; packet < packetsPerSecond / 50; packet++) {
            now += 1_000_000_000L / packetsPerSecond;
            pause = gathering.after(1, now);
        }
        return pause;
    }

    @Test
    void fewPacketsNeverWait() {
        assertThat(at(10_000)).isZero();
        assertThat(at(Gathering.MANY_A_SECOND * 9 / 10)).isZero();
    }

    @Test
    void manyPacketsGatherUntilTheyAreFewAgain() {
        assertThat(at(100_000)).isPositive();
        assertThat(at(10_000)).isZero();
    }

    @Test
    void aBurstAfterSilenceDoesNotWait() {
        gathering.after(1, now);
        now += 1_000 * MILLISECOND;
        assertThat(gathering.after(64, now)).isZero();
    }
}
