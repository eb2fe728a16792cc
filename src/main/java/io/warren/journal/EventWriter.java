package io.warren.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to PostgreSQL. What comes while a transaction is under way goes together into the next one: one
 * statement, one commit. What fails, fails alone: a number that another node has taken does not take those down that
 * were written together with it. Safe for use by many threads.
 */
final class EventWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    /** Events in one transaction. */
    private static final int TOGETHER = 500;

    /** Events that may wait; more are refused. */
    private static final int WAITING = 100_000;

    private static final String INSERT = """
            INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer", "write_timestamp",
                "adapter_manifest", "event_payload", "event_ser_manifest", "event_ser_id")
            SELECT *, %d FROM unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::bytea[], ?::text[])""".formatted(EventSerializer.IDENTIFIER);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Deque<Write> queue = new ArrayDeque<>();
    private final Connections connections;
    private final List<Thread> threads = new ArrayList<>();
    private int waiting;
    private boolean closing;

    /** Hears what became of a write; called by the writer's thread, must not wait. */
    interface Outcome {
        void written();

        /** Nothing is written, as far as is known: when the connection broke, everything may be. */
        void failed(SQLException cause);
    }

    private record Write(List<LoggedEvent> events, Outcome outcome) {}

    EventWriter(Connections connections, int parallel) {
        this.connections = connections;
        for (int i = 0; i < parallel; i++) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("warren-journal-writer-" + i)
                    .start(this::run));
        }
    }

    /** Writes these events, all or none; {@link LoggedEvent#number} means nothing here. */
    void write(List<LoggedEvent> events, Outcome outcome) {
        lock.lock();
        try {
            if (!closing && waiting < WAITING) {
                queue.addLast(new Write(events, outcome));
                waiting += events.size();
                work.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        outcome.failed(new SQLException("the journal takes no more events"));
    }

    private void run() {
        for (List<Write> batch = take(); !batch.isEmpty(); batch = take()) {
            write(batch);
        }
    }

    /** What waits, at least one; none at the end. */
    private List<Write> take() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                work.awaitUninterruptibly();
            }
            List<Write> batch = new ArrayList<>();
            int events = 0;
            for (Write next = queue.peek(); next != null && events < TOGETHER; next = queue.peek()) {
                batch.add(queue.remove());
                events += next.events().size();
            }
            waiting -= events;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Write> batch) {
        List<LoggedEvent> all =
                batch.stream().flatMap(one -> one.events().stream()).toList();
        try {
            var _ = connections.with(connection -> insert(connection, all));
        } catch (SQLException e) {
            if (batch.size() > 1 && !ServerTrouble.isGone(e)) {
                batch.forEach(one -> write(List.of(one)));
                return;
            }
            if (ServerTrouble.isTaken(e)) {
                LoggedEvent first = batch.getFirst().events().getFirst();
                LOG.error(
                        "{}: the journal has an event {} of another writer already",
                        first.persistenceId(),
                        first.sequenceNumber());
            }
            if (!ServerTrouble.isTaken(e) && !ServerTrouble.isGone(e)) {
                LOG.error("the journal does not take {} events: {}", all.size(), e.getMessage());
            }
            batch.forEach(one -> one.outcome().failed(e));
            return;
        }
        batch.forEach(one -> one.outcome().written());
    }

    /** One statement is one transaction; unnest keeps it the same statement for any number of rows. */
    private static int insert(Connection connection, List<LoggedEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setArray(1, array(connection, "text", events, LoggedEvent::persistenceId, new String[0]));
            insert.setArray(2, array(connection, "bigint", events, LoggedEvent::sequenceNumber, new Long[0]));
            insert.setArray(3, array(connection, "text", events, LoggedEvent::writer, new String[0]));
            insert.setArray(4, array(connection, "bigint", events, LoggedEvent::writtenAt, new Long[0]));
            insert.setArray(5, array(connection, "text", events, LoggedEvent::adapterManifest, new String[0]));
            insert.setArray(
                    6,
                    array(connection, "bytea", events, event -> event.octets().toByteArray(), new byte[0][]));
            insert.setArray(7, array(connection, "text", events, LoggedEvent::name, new String[0]));
            return insert.executeUpdate();
        }
    }

    private static <T> Array array(
            Connection connection, String type, List<LoggedEvent> events, Function<LoggedEvent, T> value, T[] none)
            throws SQLException {
        return connection.createArrayOf(
                type, events.stream().map(value).toList().toArray(none));
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
