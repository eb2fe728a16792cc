package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.config.RateLimits;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.stream.Stream;

/**
 * One line of the users file.
 *
 * @param name as the user gives it, or {@code *}
 * @param server our host name, or {@code *}
 * @param secret octets of the password
 * @param addresses what the line allows
 * @param ranges the allowed addresses for {@link Addresses#ANY} and {@link Addresses#LISTED}, else empty
 * @param limitWords such as {@code down=20M}, {@code filter=garden}, {@code calls=2} or those of {@link UserTerms}: what
 *     differs from what holds for all
 * @param line where it is, for messages
 */
record User(
        String name,
        String server,
        Bytes secret,
        Addresses addresses,
        List<Cidr> ranges,
        List<String> limitWords,
        int line) {
    /** Of the word that names rule lists, with commas between. */
    static final String FILTER = "filter=";

    /** Of the word that says how many calls he may have at once. */
    static final String CALLS = "calls=";

    enum Addresses {
        /** No word: whichever the default pool gives. */
        POOL,
        /** {@code *}, alone or with exceptions: from the default pool, and the user may wish another of the pools. */
        ANY,
        /** Those named. */
        LISTED,
        /** {@code -}: none, so he cannot use IP. */
        NONE
    }

    /** Whether {@code *} does not quite mean all. */
    boolean hasExceptions() {
        return !ranges.equals(List.of(AddressRule.ANY));
    }

    /** The part of these ranges that the line allows. */
    List<Cidr> within(List<Cidr> others) {
        return others.stream()
                .flatMap(other ->
                        ranges.stream().filter(other::overlaps).map(range -> range.contains(other) ? other : range))
                .toList();
    }

    /** The user's limits, where those for all are the given ones. */
    RateLimits limits(RateLimits usual) {
        RateLimits limits = usual;
        for (String word : limitWords) {
            boolean other = word.startsWith(FILTER)
                    || word.startsWith(CALLS)
                    || UserTerms.isName(word.substring(0, word.indexOf('=') + 1));
            limits = other ? limits : limits.with(word);
        }
        return limits;
    }

    /** How many calls he may have at once; 0: nothing is said. */
    int calls() {
        return limitWords.stream()
                .filter(word -> word.startsWith(CALLS))
                .mapToInt(word -> Integer.parseInt(word, CALLS.length(), word.length(), 10))
                .findFirst()
                .orElse(0);
    }

    /** Names of the rule lists that the user is behind. */
    List<String> filters() {
        return limitWords.stream()
                .filter(word -> word.startsWith(FILTER))
                .flatMap(word -> Stream.of(word.substring(FILTER.length()).split(",")))
                .toList();
    }

    @Override
    public String toString() {
        return "User[name=" + name + ", line=" + line + "]";
    }
}
