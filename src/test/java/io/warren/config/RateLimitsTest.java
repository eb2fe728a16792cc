package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsTest {
    @ParameterizedTest
    @CsvSource({"8k, 8000", "20M, 20000000", "1.5M, 1500000", "64G, 64000000000", "10000000, 10000000", "off, 0"})
    void ratesAreBitsASecondInThousands(String text, long bits) {
        assertThat(RateLimits.NONE.with("down", text).down()).isEqualTo(bits);
        assertThat(RateLimits.NONE.with("up=" + text).up()).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource({"9000, 9000", "64K, 65536", "64k, 65536", "1.5M, 1572864", "1G, 1073741824", "auto, 0"})
    void burstsAreOctetsInPowersOfTwo(String text, long octets) {
        assertThat(RateLimits.NONE.with("down-burst", text).downBurst()).isEqualTo(octets);
        assertThat(RateLimits.NONE.with("up-burst", text).upBurst()).isEqualTo(octets);
    }

    @Test
    void aWordChangesItsOwnLimitOnly() {
        RateLimits limits = RateLimits.NONE
                .with("down=20M")
                .with("up=5M")
                .with("down-burst=256K")
                .with("packets=20k")
                .with("up=6M");
        assertThat(limits).isEqualTo(new RateLimits(20_000_000, 6_000_000, 262_144, 0, 20_000));
        assertThat(limits.with("down=off").down()).isZero();
    }

    @Test
    void isShownAsItIsWritten() {
        assertThat(new RateLimits(20_000_000, 1_500_000, 262_144, 10_000, 20_000))
                .hasToString("down=20M up=1500k down-burst=256K up-burst=10000 packets=20k");
        assertThat(RateLimits.NONE).hasToString("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "down",
                "down=",
                "down=20",
                "down=65G",
                "down=0",
                "down=-1M",
                "down=20MB",
                "down=20m",
                "down=1e9M",
                "down=999999999999999G",
                "down=auto",
                "down-burst=8999",
                "up-burst=off",
                "up-burst=2G",
                "packets=9",
                "packets=101M",
                "speed=20M"
            })
    void refusesWhatIsSurelyAMistake(String word) {
        assertThatThrownBy(() -> RateLimits.NONE.with(word)).isInstanceOf(IllegalArgumentException.class);
    }
}
