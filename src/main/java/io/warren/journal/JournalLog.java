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
 * later, many in one transaction, into the database. Given to the actor system as a {@link Setup}, where {@link
 * PrefetchingJournalDao} finds it. Safe for use by many threads.
 *
 * <p>After a kill, what is only in the log waits for the database again; {@link BulkReader} reads it where it is. How
 * far the database has got is written there in the same transaction, so each event arrives exactly once.
 */
public final class JournalLog extends Setup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalLog.class);

    /** How long events are gathered at least before they go to the database. */
    private static final long GATHERED_NANOS = Duration.ofMillis(200).toNanos();

    /** How many go there in one transaction. */
    private static final int TOGETHER = 2_000;

    /** The pause after a transaction, in times of its own duration: those who set up calls go first. */
    private static final int PAUSES = 9;

    /** When so many events wait, there are no pauses. */
    private static final int PLENTY = 50_000;

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
    private List<LoggedEvent> transferring = List.of();
    private final List<LoggedEvent> pending = new ArrayList<>();
    private long appended;
    private long applied;
    private boolean closing;
    /** The writer's own: so that a failure is logged once. */
    private boolean failing;

    /** Somebody who wants the database to have all events up to this number. */
    private record Waiter(long upTo, CompletableFuture<Void> done) {}

    private JournalLog(DataSource database, WriteAheadLog log, long applied, List<LoggedEvent> left) {
        this.database = database;
        this.log = log;
        this.applied = applied;
        this.pending.addAll(left);
        this.appended = left.isEmpty() ? applied : left.getLast().number();
    }

    /** Begins; what the last process left behind waits first of all. */
    static JournalLog open(Path directory, DataSource database) throws IOException, SQLException {
        long applied;
        try (Connection connection = database.getConnection()) {
            applied = LogTransfer.position(connection);
        }
        List<LoggedEvent> left = WriteAheadLog.leftBehind(directory, applied + 1);
        JournalLog log = new JournalLog(database, WriteAheadLog.open(directory, applied + 1, left), applied, left);
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
            if (pending.isEmpty() || pending.size() >= PLENTY) {
                work.signal();
            }
            pending.addAll(numbered);
        } finally {
            lock.unlock();
        }
    }

    /** What may not be in the database yet, in order; to be asked for before the database is read. */
    List<LoggedEvent> waiting() {
        lock.lock();
        try {
            List<LoggedEvent> all = new ArrayList<>(transferring.size() + pending.size());
            all.addAll(transferring);
            all.addAll(pending);
            return all;
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
            if (applied == appended) {
                log.delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("closing the log of the journal: {}", e.getMessage());
        }
    }

    private void run() {
        long pause = GATHERED_NANOS;
        while (gather(pause)) {
            long begun = System.nanoTime();
            try {
                transfer(transferring);
                pause = Math.max(GATHERED_NANOS, PAUSES * (System.nanoTime() - begun));
            } catch (SQLException e) {
                failed(e);
                pause = RETRY_NANOS;
            }
        }
    }

    /** Takes what has come together meanwhile; false at the end. */
    private boolean gather(long pause) {
        lock.lock();
        try {
            if (!transferring.isEmpty() && closing) {
                return false;
            }
            while (transferring.isEmpty() && pending.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            linger(pause);
            if (transferring.isEmpty()) {
                int count = Math.min(pending.size(), TOGETHER);
                transferring = List.copyOf(pending.subList(0, count));
                pending.subList(0, count).clear();
            }
            return !transferring.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless somebody is waiting or there is too much to do. */
    private void linger(long nanos) {
        long left = nanos;
        while (left > 0 && waiters.isEmpty() && !closing && pending.size() < PLENTY) {
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
            transferring = List.of();
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

    /** What the database did not take stays first in the row. */
    private void failed(SQLException e) {
        if (!failing) {
            LOG.error("the database of the journal takes no events: {}", e.getMessage());
        }
        failing = true;
        List<Waiter> disappointed;
        lock.lock();
        try {
            disappointed = List.copyOf(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        disappointed.forEach(waiter -> waiter.done().completeExceptionally(e));
    }
}
