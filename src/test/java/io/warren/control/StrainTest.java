package io.warren.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrainTest {
    private static final long MS = 1_000_000;
    private final Strain strain = new Strain(Duration.ofMillis(200));
    private long now = -3_000 * MS;

    /** A message every 100 ms that has waited for so long. */
    private void waiting(long millis, int times) {
        for (int i = 0; i < times; i++) {
            strain.waited(millis * MS, now);
            now += 100 * MS;
        }
    }

    @Test
    void aQueueThatStandsIsStrain() {
        waiting(201, 10);
        assertThat(strain.isStrained()).isFalse();
        waiting(201, 1);
        assertThat(strain.isStrained()).isTrue();
    }

    @Test
    void aBurstThatIsWorkedOffIsNone() {
        for (int second = 0; second < 5; second++) {
            waiting(5_000, 9);
            waiting(3, 1);
        }
        assertThat(strain.isStrained()).isFalse();
    }

    @Test
    void itEndsAsSoonAsAMessageHasWaitedForHalfAsLong() {
        waiting(500, 25);
        waiting(150, 3);
        assertThat(strain.isStrained()).isTrue();
        waiting(99, 1);
        assertThat(strain.isStrained()).isFalse();
        waiting(500, 9);
        assertThat(strain.isStrained()).as("not before an interval has passed").isFalse();
    }

    @Test
    void itIsToldWhenItBeginsAndEnds() {
        waiting(500, 10);
        assertThat(strain.waited(500 * MS, now)).isTrue();
        assertThat(strain.waited(500 * MS, now + 2_000 * MS)).isFalse();
        assertThat(strain.waited(MS, now + 2_000 * MS)).isTrue();
        assertThat(strain.waited(MS, now + 4_000 * MS)).isFalse();
    }

    /** It may be answered at once in the next moment, but a second has passed meanwhile. */
    @Test
    void aMessageThatDoesNotComeBackIsStrainToo() {
        for (int i = 1; i <= 15; i++) {
            strain.waits(i * 100 * MS, now);
            now += 100 * MS;
        }
        assertThat(strain.isStrained()).isTrue();
    }

    @Test
    void aMessageThatStillWaitsForLessIsNoShortWait() {
        waiting(500, 5);
        strain.waits(100 * MS, now);
        waiting(500, 6);
        assertThat(strain.isStrained()).isTrue();
    }
}
