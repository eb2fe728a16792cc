package io.warren.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** A point of time as ISO 8601 writes it: {@code 2026-12-24T18:00:00+01:00}. */
public final class IsoTime {
    /** What ISO 8601 writes without a sign, and so what everything that keeps or shows a time can hold. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private IsoTime() {}

    /**
     * Parses it; the seconds may be missing, the colon of the offset, too. Without an offset it is the time of this place.
     *
     * @throws IllegalArgumentException when it is none, without repeating it
     */
    public static Instant parse(String text) {
        String time = text.strip()
                .replaceFirst("([+-][0-9]{2})([0-9]{2})$", "$1:$2")
                .replaceFirst("([+-][0-9]{2})$", "$1:00");
        Instant instant;
        try {
            instant = time.matches(".*T.*([Zz]|[+-][0-9]{2}:[0-9]{2})")
                    ? OffsetDateTime.parse(time).toInstant()
                    : LocalDateTime.parse(time).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time such as 2026-12-24T18:00:00+01:00", e);
        }
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new IllegalArgumentException("its year is none of 1 to 9999");
        }
        return instant;
    }
}
