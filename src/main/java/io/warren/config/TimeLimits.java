package io.warren.config;

import java.time.Duration;

/**
 * How long a call may last, unless it is said of the user.
 *
 * @param session in all; zero: for ever
 * @param idle without a packet; zero: for ever
 */
public record TimeLimits(Duration session, Duration idle) {
    public static final TimeLimits NONE = new TimeLimits(Duration.ZERO, Duration.ZERO);
}
