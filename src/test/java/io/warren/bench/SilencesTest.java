package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilencesTest {
    private static final long START = 1_000_000_000L;
    private static final long INTERVAL = millis(300);
    private static final long DELAY = millis(1);

    private final Silences silences = new Silences(3, START);

    private static long millis(long number) {
        return Duration.ofMillis(number).toNanos();
    }

    private static long sentAt(int sequence) {
        return START + millis(10) + sequence * INTERVAL;
    }

    private void arrive(int flow, int first, int last) {
        for (int sequence = first; sequence <= last; sequence++) {
            silences.arrived(flow, sequence, sentAt(sequence), sentAt(sequence) + DELAY);
        }
    }

    private Gaps gaps(int lastSent) {
        return silences.gaps(sentAt(lastSent), INTERVAL);
    }

    @Test
    void packetsInTheirTimeLeaveNoGap() {
        for (int flow = 0; flow < 3; flow++) {
            arrive(flow, 0, 20);
        }
        Gaps gaps = gaps(20);
        assertThat(gaps.count()).isZero();
        assertThat(gaps.atEnd()).isZero();
        assertThat(gaps.worstMillis()).isLessThan(2);
    }

    @Test
    void lostPacketsAreASilenceLessTheirDistance() {
        arrive(0, 0, 20);
        arrive(1, 0, 5);
        arrive(1, 10, 20);
        arrive(2, 0, 20);
        Gaps gaps = gaps(20);
        assertThat(gaps.count()).isEqualTo(1);
        assertThat(gaps.worstMillis()).isBetween(1_199.0, 1_201.0);
        assertThat(gaps.medianMillis()).isEqualTo(gaps.worstMillis());
        assertThat(gaps.worstBegan()).isEqualTo(sentAt(5) + DELAY);
        assertThat(gaps.atEnd()).isZero();
    }

    @Test
    void packetsThatWaitedCountTheirDelay() {
        arrive(0, 0, 4);
        silences.arrived(0, 5, sentAt(5), sentAt(5) + millis(700));
        silences.arrived(0, 6, sentAt(6), sentAt(5) + millis(700));
        arrive(0, 7, 20);
        arrive(1, 0, 20);
        arrive(2, 0, 20);
        assertThat(gaps(20).worstMillis()).isBetween(698.0, 700.0);
    }

    @Test
    void aSenderThatHadToWaitIsNoSilence() {
        arrive(1, 0, 20);
        arrive(2, 0, 20);
        arrive(0, 0, 4);
        for (int sequence = 5; sequence <= 20; sequence++) {
            long sent = sentAt(sequence) + millis(2_000);
            silences.arrived(0, sequence, sent, sent + DELAY);
        }
        assertThat(gaps(20).count()).isZero();
    }

    @Test
    void aLatePacketEndsNoSilence() {
        for (int flow = 1; flow < 3; flow++) {
            arrive(flow, 0, 20);
        }
        arrive(0, 0, 5);
        silences.arrived(0, 4, sentAt(4), sentAt(8));
        arrive(0, 10, 20);
        assertThat(gaps(20).worstMillis()).isBetween(1_199.0, 1_201.0);
    }

    @Test
    void whatIsSilentAtTheEndIsSeen() {
        arrive(0, 0, 20);
        arrive(1, 0, 10);
        Gaps gaps = gaps(20);
        assertThat(gaps.atEnd()).isEqualTo(2);
        assertThat(gaps.count()).isEqualTo(2);
        assertThat(gaps.worstMillis()).isBetween(5_700.0, 5_720.0);
        assertThat(gaps.worstBegan()).isEqualTo(START);
    }

    @Test
    void thatTheLastPacketOrTwoAreMissingIsNoSilenceAtTheEnd() {
        arrive(0, 0, 20);
        arrive(1, 0, 19);
        arrive(2, 0, 18);
        assertThat(gaps(20).atEnd()).isZero();
    }

    @Test
    void nothingIsNoGap() {
        assertThat(Gaps.of(new long[0], new long[0], 0)).isEqualTo(Gaps.NONE);
    }
}
