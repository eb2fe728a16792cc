package io.warren.journal;

import akka.actor.setup.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a node that owns its journal alone writes its events: each at once into a {@link WriteAheadLog}, and a moment
 * later, many in one transaction, into the database. A transaction for each event would cost ten times as much. Given
 * to the actor system as a {@link Setup}, where {@link PrefetchingJournalDao} finds it. Safe for use by many threads.
 *
 * <p>After a kill, {@link #open} puts into the database what is only in the log. How far the database has got is
 * written there in the same transaction, so each event arrives exactly once.
 */
public final class JournalLog extends Setup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalLog.class);

    /** How long events are gathered before they go to the database. */
    private static final long GATHERED_NANOS = Duration.ofMillis(200).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** So many events may wait; more are refused. A node makes some 10,000 a second when it does nothing else. */
    private static final int WAITING = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final DataSource database;
    private final WriteAheadLog log;
    private final Thread writer =
            Thread.ofPlatform().daemon().name("warren-journal-writer").unstarted(this::run);
    private final List<Waiter> waiters = new ArrayList<>();
    private List<LoggedEvent> pending = new ArrayList<>();
    private long appended;
    private long applied;
    private boolean closing;
    /** The writer's own: so that a failure is logged once. */
    private boolean failing;

    /** Somebody who wants the database to have all events up to this number. */
    private record Waiter(long upTo, CompletableFuture<Void> done) {}

    private JournalLog(DataSource database, WriteAheadLog log, long applied) {
        this.database = database;
        this.log = log;
        this.applied = applied;
        this.appended = applied;
    }

    /** Brings the database up to date, and begins. */
    static JournalLog open(Path directory, DataSource database) throws IOException, SQLException {
        long applied;
        try (Connection connection = database.getConnection()) {
            applied = LogTransfer.position(connection);
            List<LoggedEvent> left = WriteAheadLog.leftBehind(directory, applied + 1);
            if (!left.isEmpty()) {
                LogTransfer.apply(connection, left);
                applied = left.getLast().number();
                LOG.info("{} events of the last run were still to be put into the journal", left.size());
            }
            LogTransfer.force(connection);
        }
        WriteAheadLog.delete(directory);
        JournalLog log = new JournalLog(database, WriteAheadLog.create(directory, applied + 1), applied);
        log.writer.start();
        return log;
    }

    /** Makes an event of its place in the log. */
    @FunctionalInterface
    interface Numbered {
        LoggedEvent at(long number);
    }

    /**
     * Writes these events, all or none; they survive a kill from now on.
     *
     * @throws IOException when nothing is written
     */
    void append(List<Numbered> events) throws IOException {
        if (events.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            if (closing) {
                throw new IOException("the journal is closed");
            }
            if (pending.size() >= WAITING) {
                throw new IOException(pending.size() + " events wait for the database");
            }
            List<LoggedEvent> numbered = new ArrayList<>(events.size());
            for (Numbered event : events) {
                numbered.add(event.at(appended + numbered.size() + 1));
            }
            log.append(numbered);
            appended += numbered.size();
            if (pending.isEmpty()) {
                work.signal();
            }
            pending.addAll(numbered);
        } finally {
            lock.unlock();
        }
    }

    /** Completes when the database has all that is written by now; fails when it does not take it. */
    CompletionStage<Void> settled() {
        lock.lock();
        try {
            if (applied == appended) {
                return CompletableFuture.completedFuture(null);
            }
            Waiter waiter = new Waiter(appended, new CompletableFuture<>());
            waiters.add(waiter);
            work.signal();
            return waiter.done();
        } finally {
            lock.unlock();
        }
    }

    /** Finds out whether events can be written. */
    void probe() throws IOException {
        lock.lock();
        try {
            log.probe();
        } finally {
            lock.unlock();
        }
    }

    /** Puts everything into the database; what it does not take stays in the log for the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            writer.join();
            log.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("closing the log of the journal: {}", e.getMessage());
        }
    }

    private void run() {
        List<LoggedEvent> events = gather();
        while (!events.isEmpty()) {
            try {
                transfer(events);
                events = gather();
            } catch (SQLException e) {
                if (!waitAfter(e)) {
                    return;
                }
            }
        }
    }

    /** What has come together; nothing at the end. */
    private List<LoggedEvent> gather() {
        lock.lock();
        try {
            while (pending.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            linger(GATHERED_NANOS);
            List<LoggedEvent> gathered = pending;
            pending = new ArrayList<>();
            return gathered;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless somebody is waiting. */
    private void linger(long nanos) {
        long left = nanos;
        while (left > 0 && waiters.isEmpty() && !closing) {
            try {
                left = work.awaitNanos(left);
            } catch (InterruptedException e) {
                return; // Nobody interrupts this thread; waiting less does no harm.
            }
        }
    }

    private void transfer(List<LoggedEvent> events) throws SQLException {
        try (Connection connection = database.getConnection()) {
            LogTransfer.apply(connection, events);
            failing = false;
            long upTo = events.getLast().number();
            if (settle(upTo)) {
                LogTransfer.force(connection);
                forget(upTo);
            }
        }
    }

    /** Tells those who wait; true when there are files that are not needed any more. */
    private boolean settle(long upTo) {
        List<Waiter> satisfied;
        boolean old;
        lock.lock();
        try {
            applied = upTo;
            satisfied = waiters.stream().filter(waiter -> waiter.upTo() <= upTo).toList();
            waiters.removeAll(satisfied);
            old = log.canForget(upTo);
        } finally {
            lock.unlock();
        }
        satisfied.forEach(waiter -> waiter.done().complete(null));
        return old;
    }

    private void forget(long upTo) {
        lock.lock();
        try {
            log.forget(upTo);
        } catch (IOException e) {
            LOG.warn("cannot delete an old log of the journal: {}", e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** The database did not take it: whether to try again. */
    private boolean waitAfter(SQLException e) {
        if (!failing) {
            LOG.error("the database of the journal takes no events: {}", e.getMessage());
        }
        failing = true;
        lock.lock();
        try {
            waiters.forEach(waiter -> waiter.done().completeExceptionally(e));
            waiters.clear();
            linger(RETRY_NANOS);
            return !closing;
        } finally {
            lock.unlock();
        }
    }
}
