package io.warren.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured of each LNS, in the order in which it is. */
enum Scenario {
    SETUP1K,
    UP64,
    DOWN64,
    UP1400,
    DOWN1400,
    LATENCY,
    TCP,
    SETUP10K;

    /** As on the command line and in the results. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static String words() {
        return Arrays.stream(values()).map(Scenario::word).collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException when a word is none */
    static List<Scenario> parse(List<String> words) {
        return words.stream()
                .map(word -> valueOf(word.toUpperCase(Locale.ROOT)))
                .sorted()
                .distinct()
                .toList();
    }
}
