package io.warren.config;

/**
 * What holds for subscribers of whom nothing else is said.
 *
 * @param duplicateLogins what becomes of somebody who calls again while he has calls
 * @param callsPerUser how many calls of one user are no duplicates of each other
 */
public record SubscriberSettings(DuplicateLogins duplicateLogins, int callsPerUser) {
    /** As things were before there was such a setting. */
    public static final SubscriberSettings USUAL = new SubscriberSettings(DuplicateLogins.ALLOW, 1);

    /** What becomes of a call beyond the number that its user may have. */
    public enum DuplicateLogins {
        /** It is let in, unless RADIUS or the users file says how many he may have: then as {@link #DENY}. */
        ALLOW,
        /** It is let in, and his oldest call is ended. */
        REPLACE,
        /** It is turned away. */
        DENY
    }

    static SubscriberSettings read(Reading from) {
        return new SubscriberSettings(
                from.parsed(
                        "subscribers.duplicate-logins",
                        "write allow, replace or deny",
                        text -> SettingsReader.word(DuplicateLogins.class, text)),
                from.number("subscribers.calls-per-user", 1, 65_535));
    }
}
