package io.warren.dataplane;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every dropped packet by its reason, and logs at most one line a second for each reason. Thread-safe. */
final class Drops {
    private static final Logger LOG = LoggerFactory.getLogger("io.warren.dataplane.drops");
    private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(1);
    private static final DropReason[] REASONS = DropReason.values();

    private final AtomicLongArray counts = new AtomicLongArray(REASONS.length);
    private final AtomicLongArray logged = new AtomicLongArray(REASONS.length);
    private final AtomicLongArray loggedAt = new AtomicLongArray(REASONS.length);
    private final LongSupplier clock;

    /** @param clock monotonic, in nanoseconds */
    Drops(LongSupplier clock) {
        this.clock = clock;
        long start = clock.getAsLong() - LOG_INTERVAL;
        for (int reason = 0; reason < REASONS.length; reason++) {
            loggedAt.set(reason, start);
        }
    }

    /** Counts one packet. {@code source} is asked only when a line is due. */
    void count(DropReason reason, Supplier<String> source) {
        if (countIsDue(reason)) {
            log(reason, source.get());
        }
    }

    /** Counts one packet; true when a line is due, which the caller then gives to {@link #log}. */
    boolean countIsDue(DropReason reason) {
        int index = reason.ordinal();
        counts.incrementAndGet(index);
        long now = clock.getAsLong();
        long last = loggedAt.get(index);
        return now - last >= LOG_INTERVAL && loggedAt.compareAndSet(index, last, now);
    }

    void log(DropReason reason, String source) {
        int index = reason.ordinal();
        long total = counts.get(index);
        long since = total - logged.getAndSet(index, total);
        LOG.info("dropped {} packet(s), {} in all: {}; the last one {}", since, total, reason.meaning(), source);
    }

    long count(DropReason reason) {
        return counts.get(reason.ordinal());
    }

    /** All reasons, in a fixed order, with how often each occurred. */
    Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (DropReason reason : REASONS) {
            all.put(reason.label(), counts.get(reason.ordinal()));
        }
        return all;
    }
}
