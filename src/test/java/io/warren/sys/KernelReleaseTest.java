package io.warren.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {
    @ParameterizedTest
    @CsvSource({"6.4.0-1-amd64, true", "6.18.44, true", "7.0, true", "6.3.9, false", "5.15.0-100-generic, false"})
    void comparesNumbersNotText(String release, boolean expected) {
        assertThat(KernelRelease.parse(release).atLeast(6, 4)).isEqualTo(expected);
    }

    @Test
    void whatIsNoVersionIsOlderThanAny() {
        assertThat(KernelRelease.parse("unknown").atLeast(0, 1)).isFalse();
    }
}
