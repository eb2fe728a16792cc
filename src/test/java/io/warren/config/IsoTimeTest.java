package io.warren.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-24T17:00:00Z",
                "2026-12-24T18:00:00+01:00",
                "2026-12-24T18:00:00+0100",
                "2026-12-24T18:00:00+01",
                "2026-12-24T17:00Z",
                " 2026-12-24T12:30:00-04:30 "
            })
    void allFormsAreOneMoment(String text) {
        assertThat(IsoTime.parse(text)).isEqualTo(Instant.parse("2026-12-24T17:00:00Z"));
    }

    @Test
    void withoutAnOffsetItIsTheTimeOfThisPlace() {
        assertThat(IsoTime.parse("2026-12-24T18:00:00"))
                .isEqualTo(LocalDateTime.of(2026, 12, 24, 18, 0)
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "2026-12-24",
                "18:00",
                "2026-13-01T00:00:00Z",
                "1766595600",
                "+999999999-12-31T23:59:59Z",
                "-0001-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z"
            })
    void otherTextsAreNone(String text) {
        assertThatThrownBy(() -> IsoTime.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
