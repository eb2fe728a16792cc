package io.warren.it;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a run of ping printed: which echoes came back. */
record Ping(List<Integer> answered) {
    private static final Pattern REPLY = Pattern.compile("bytes from .*icmp_seq=(\\d+)");

    private static final Pattern TIMED_REPLY = Pattern.compile("^\\[([0-9.]+)\\] \\d+ bytes from .*icmp_seq=");

    static Ping of(String output) {
        return new Ping(output.lines()
                .map(REPLY::matcher)
                .filter(Matcher::find)
                .map(match -> Integer.parseInt(match.group(1)))
                .distinct()
                .sorted()
                .toList());
    }

    /** With {@code -D}, how many echoes came back in a time, in seconds of Unix. */
    static long answeredWithin(String output, double from, double to) {
        return output.lines()
                .map(TIMED_REPLY::matcher)
                .filter(Matcher::find)
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .filter(at -> from <= at && at < to)
                .count();
    }

    int last() {
        return answered.isEmpty() ? 0 : answered.getLast();
    }

    /** The longest run of echoes in sequence that were lost between two answered ones. */
    int longestGap() {
        int longest = 0;
        for (int i = 1; i < answered.size(); i++) {
            longest = Math.max(longest, answered.get(i) - answered.get(i - 1) - 1);
        }
        return longest;
    }

    /** How many were lost between the first answered one and the last. */
    int lost() {
        return answered.isEmpty() ? 0 : last() - answered.getFirst() + 1 - answered.size();
    }
}
