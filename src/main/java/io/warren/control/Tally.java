package io.warren.control;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was refused or dropped, by reason. The reasons are fixed texts, never input from the network. */
public final class Tally {
    /** An entity restarted because the journal did not take its events. */
    public static final String JOURNAL_FAILED = "restarted after the journal failed";

    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    public void count(String reason) {
        counts.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }

    public Map<String, Long> snapshot() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((reason, adder) -> sums.put(reason, adder.sum()));
        return sums;
    }
}
