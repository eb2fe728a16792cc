package io.warren.radius;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Safe for use by many threads. */
public final class RadiusFigures {
    private final Map<String, LongAdder> figures = new ConcurrentHashMap<>();

    void count(String what) {
        figures.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    void dropped(Dropped why) {
        count("dropped: " + why.words());
    }

    /** All that happened since the start, by its name. */
    public Map<String, Long> snapshot() {
        Map<String, Long> all = new TreeMap<>();
        figures.forEach((what, adder) -> all.put(what, adder.sum()));
        return all;
    }

    long of(String what) {
        LongAdder adder = figures.get(what);
        return adder == null ? 0 : adder.sum();
    }
}
