package io.warren.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** A point of time as ISO 8601 writes it: {@code 2026-12-24T18:00:00+01:00}. */
public final class IsoTime {
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
        try {
            return time.matches(".*T.*([Zz]|[+-][0-9]{2}:[0-9]{2})")
                    ? OffsetDateTime.parse(time).toInstant()
                    : LocalDateTime.parse(time).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time such as 2026-12-24T18:00:00+01:00", e);
        }
    }
}
