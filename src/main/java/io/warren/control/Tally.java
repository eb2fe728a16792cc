package io.warren.control;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what was refused or not acted upon, by reason, and logs at most one line a second for each reason. The reasons
 * are fixed texts, never input from the network. Thread-safe.
 */
public final class Tally {
    /** An entity restarted because the journal did not take its events. */
    public static final String JOURNAL_FAILED = "restarted after the journal failed";

    private static final Logger LOG = LoggerFactory.getLogger("warren.refusals");
    private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Count> counts = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    private static final class Count {
        private final AtomicLong sum = new AtomicLong();
        private final AtomicLong loggedAt;

        private Count(long loggedAt) {
            this.loggedAt = new AtomicLong(loggedAt);
        }
    }

    /** @param nanos a monotonic clock */
    public Tally(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param source whom or what it concerns, for the log */
    public void count(String reason, Object source) {
        long now = nanos.getAsLong();
        Count count = counts.computeIfAbsent(reason, _ -> new Count(now - LOG_INTERVAL));
        long sum = count.sum.incrementAndGet();
        long last = count.loggedAt.get();
        if (now - last >= LOG_INTERVAL && count.loggedAt.compareAndSet(last, now)) {
            LOG.info("{} ({} in all; the last one: {})", reason, sum, source);
        }
    }

    public Map<String, Long> snapshot() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((reason, count) -> sums.put(reason, count.sum.get()));
        return sums;
    }
}
