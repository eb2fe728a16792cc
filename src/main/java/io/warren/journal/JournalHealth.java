package io.warren.journal;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whether the journal can be written, found out by writing. */
public final class JournalHealth {
    private final JournalDatabase database;
    private final Executor executor;
    private final InstantSource clock;
    private final Duration timeout;
    private final AtomicReference<@Nullable CompletableFuture<Health>> underWay = new AtomicReference<>();

    /**
     * Asks nothing yet.
     *
     * @param executor where the database is waited for; one thread is enough
     * @param timeout after which a journal that says nothing is not well
     */
    public JournalHealth(JournalDatabase database, Executor executor, InstantSource clock, Duration timeout) {
        this.database = database;
        this.executor = executor;
        this.clock = clock;
        this.timeout = timeout;
    }

    /**
     * How the journal is.
     *
     * @param reason what is wrong; empty when nothing is
     */
    public record Health(boolean answering, String reason) {}

    /** Never completes exceptionally, and never later than the time-out. At most one question is with the database. */
    public CompletionStage<Health> check() {
        CompletableFuture<Health> mine = new CompletableFuture<>();
        CompletableFuture<Health> asked = underWay.compareAndExchange(null, mine);
        if (asked == null) {
            asked = mine;
            ask(mine);
        }
        return asked.copy()
                .completeOnTimeout(
                        new Health(false, "no answer within " + timeout.toMillis() + " ms"),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void ask(CompletableFuture<Health> asked) {
        try {
            executor.execute(() -> {
                Health health = probe();
                underWay.set(null);
                asked.complete(health);
            });
        } catch (RejectedExecutionException _) {
            underWay.set(null);
            asked.complete(new Health(false, "the node is stopping"));
        }
    }

    private Health probe() {
        try {
            database.probe(clock.millis());
            return new Health(true, "");
        } catch (SQLException e) {
            return new Health(false, String.valueOf(e.getMessage()));
        }
    }
}
