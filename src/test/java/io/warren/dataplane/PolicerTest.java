package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicerTest {
    private static final long SECOND = 1_000_000_000L;

    private static Policer policer(long rate, long burst, int packets, @Nullable Policer before, long now) {
        return Objects.requireNonNull(Policer.of(rate, burst, packets, DropReason.POLICED_UP, before, now));
    }

    @Test
    void aCallWithoutLimitsHasNone() {
        assertThat(Policer.of(0, 0, 0, DropReason.POLICED_UP, null, 0)).isNull();
        assertThat(Policer.of(0, 65_536, 0, DropReason.POLICED_UP, null, 0))
                .as("a burst alone limits nothing")
                .isNull();
    }

    @Test
    void aSlowRateStillTakesTheLargestBurstOfTcp() {
        Policer policer = policer(1_000, 0, 0, null, 0);
        assertThat(policer.refuses(65_535, 0)).isNull();
        assertThat(policer.refuses(1_500, 0)).isEqualTo(DropReason.POLICED_UP);
        assertThat(policer.refuses(1_500, 2 * SECOND)).isNull();
    }

    @Test
    void aFastRateTakesAnEighthOfASecondAtOnce() {
        Policer policer = policer(8_000_000, 0, 0, null, 0);
        assertThat(policer.refuses(1_000_000, 0)).isNull();
        assertThat(policer.refuses(1, 0)).isEqualTo(DropReason.POLICED_UP);
    }

    @Test
    void aFloodOfSmallPacketsIsRefusedByItsNumber() {
        Policer policer = policer(0, 0, 1_000, null, 0);
        int passed = 0;
        for (int packet = 0; packet < 100_000; packet++) {
            // 100,000 a second for one second
            if (policer.refuses(40, packet * 10_000L) == null) {
                passed++;
            }
        }
        assertThat(passed).isBetween(1_000 + 255, 1_000 + 256);
        assertThat(policer.refuses(40, SECOND)).isIn(null, DropReason.PACKET_RATE);
        assertThat(policer.refuses(40, SECOND)).isEqualTo(DropReason.PACKET_RATE);
    }

    @Test
    void packetsOfASuperPacketPassOrFailTogether() {
        Policer policer = policer(1_000_000, 100_000, 1_000, null, 0);
        assertThat(policer.refuses(46, 65_536, 0)).isNull();
        assertThat(policer.refuses(46, 65_536, 0)).isEqualTo(DropReason.POLICED_UP);
        assertThat(policer.refuses(24, 100_000 - 65_536, 0)).isNull();
        assertThat(policer.refuses(1_000, 1, 0)).isEqualTo(DropReason.PACKET_RATE);
    }

    @Test
    void aBucketThatStaysAsItWasGoesOnAsFullAsItIs() {
        Policer first = policer(1_000_000, 100_000, 1_000, null, 0);
        assertThat(first.refuses(100_000, 0)).isNull();
        Policer second = policer(1_000_000, 100_000, 2_000, first, 1);
        assertThat(second.refuses(1_500, 1)).as("the octets are spent").isEqualTo(DropReason.POLICED_UP);
        Policer third = policer(2_000_000, 100_000, 2_000, second, 2);
        assertThat(third.refuses(1_500, 2)).as("a new rate, a new bucket").isNull();
    }
}
