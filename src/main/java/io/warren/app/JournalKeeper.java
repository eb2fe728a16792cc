package io.warren.app;

import io.warren.config.Settings;
import io.warren.journal.JournalDatabase;
import io.warren.journal.JournalException;
import io.warren.journal.JournalHealth;
import io.warren.journal.JournalHistory;
import io.warren.journal.JournalIndex;
import io.warren.journal.JournalSweeper;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the journal beside the entities that write it: asks whether it answers, reads histories, sweeps. */
final class JournalKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final int SWEEP_LIMIT = 2_000;

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().daemon().name("warren-journal-", 0).factory());
    private final JournalHealth health;
    private final JournalHistory history;
    private final JournalSweeper sweeper;
    private volatile JournalHealth.Health latest = new JournalHealth.Health(true, "");

    JournalKeeper(Settings settings, JournalDatabase database, JournalIndex index) {
        health = new JournalHealth(database, executor, Clock.systemUTC(), PROBE_TIMEOUT);
        history = new JournalHistory(database, executor);
        sweeper = new JournalSweeper(database, index, GRACE, settings.journal().retention());
    }

    /** Begins to sweep what is over. */
    void start() {
        var _ = executor.scheduleWithFixedDelay(this::sweep, SWEEP.toSeconds(), SWEEP.toSeconds(), TimeUnit.SECONDS);
    }

    private void sweep() {
        try {
            int moved = 0;
            int purged = 0;
            JournalSweeper.Swept swept;
            do {
                swept = sweeper.sweep(Clock.systemUTC().instant(), SWEEP_LIMIT);
                moved += swept.moved();
                purged += swept.purged();
            } while (swept.moved() == SWEEP_LIMIT || swept.purged() == SWEEP_LIMIT);
            if (moved + purged > 0) {
                LOG.info("{} tunnels and calls became history, {} old events were deleted", moved, purged);
            }
        } catch (JournalException e) {
            LOG.warn("sweeping the journal: {}", e.getMessage());
        }
    }

    /** Asks the journal now. */
    CompletionStage<JournalHealth.Health> check() {
        return health.check().thenApply(answer -> {
            latest = answer;
            return answer;
        });
    }

    /** The latest answer to {@link #check}. */
    JournalHealth.Health latest() {
        return latest;
    }

    JournalHistory history() {
        return history;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
