package io.warren.dataplane;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every dropped packet by its reason, and logs at most one line a second for each reason. Thread-safe. */
final class Drops {
    private static final Logger LOG = LoggerFactory.getLogger(Drops.class);
    private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Map<DropReason, Tally> tallies = new EnumMap<>(DropReason.class);
    private final LongSupplier clock;

    /** @param clock monotonic, in nanoseconds */
    Drops(LongSupplier clock) {
        this.clock = clock;
        long start = clock.getAsLong() - LOG_INTERVAL;
        for (DropReason reason : DropReason.values()) {
            tallies.put(reason, new Tally(start));
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
        Tally tally = tally(reason);
        tally.count.incrementAndGet();
        long now = clock.getAsLong();
        long last = tally.loggedAt.get();
        return now - last >= LOG_INTERVAL && tally.loggedAt.compareAndSet(last, now);
    }

    void log(DropReason reason, String source) {
        Tally tally = tally(reason);
        long total = tally.count.get();
        long since = total - tally.logged.getAndSet(total);
        LOG.info("dropped {} packet(s), {} in all: {}; the last one {}", since, total, reason.meaning(), source);
    }

    /** Counts a batch that was given up, and logs why, with where: this is always a bug. */
    void countFault(RuntimeException fault) {
        if (countIsDue(DropReason.INTERNAL_ERROR)) {
            log(DropReason.INTERNAL_ERROR, "for " + fault);
            LOG.error("a batch of packets was given up; please report this", fault);
        }
    }

    long count(DropReason reason) {
        return tally(reason).count.get();
    }

    /** All reasons, in a fixed order, with how often each occurred. */
    Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        tallies.forEach((reason, tally) -> all.put(reason.label(), tally.count.get()));
        return all;
    }

    private Tally tally(DropReason reason) {
        return Objects.requireNonNull(tallies.get(reason));
    }

    private static final class Tally {
        final AtomicLong count = new AtomicLong();

        /** The count when the last line was logged. */
        final AtomicLong logged = new AtomicLong();

        final AtomicLong loggedAt;

        Tally(long start) {
            loggedAt = new AtomicLong(start);
        }
    }
}
