package io.warren.journal;

import io.warren.control.port.Availability;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the server takes events: writes a row twice a second over a connection of its own, and listens to those
 * who use the others. The first failure is enough to say no, so that nobody waits in vain; only its own success says
 * yes again.
 */
final class JournalWatch implements Availability, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWatch.class);
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);

    private final Source source;
    private final InstantSource clock;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("warren-journal-watch").unstarted(this::run);
    /** Why not; null when all is well. */
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

    private volatile Runnable whenGone = () -> {};
    private volatile boolean closed;

    /** Opens a connection, or fails within seconds. */
    @FunctionalInterface
    interface Source {
        Connection connect() throws SQLException;
    }

    private JournalWatch(Source source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** Begins; the server is taken to be there until it turns out that it is not. */
    static JournalWatch start(Source source, InstantSource clock) {
        JournalWatch watch = new JournalWatch(source, clock);
        watch.thread.start();
        return watch;
    }

    /** What to do when it turns out that the server is gone; must not wait. */
    void whenGone(Runnable action) {
        whenGone = action;
    }

    @Override
    public boolean writable() {
        return trouble.get() == null;
    }

    /** Fails at once when the server is known to be gone. */
    void require() throws SQLException {
        String reason = trouble.get();
        if (reason != null) {
            throw new SQLException(reason, ServerTrouble.GONE);
        }
    }

    /** Somebody's use of the server failed. */
    void failed(SQLException e) {
        if (ServerTrouble.isGone(e)) {
            gone(e);
        }
    }

    private void gone(SQLException e) {
        String reason = String.valueOf(e.getMessage());
        if (trouble.getAndSet(reason) == null && !closed) {
            LOG.error("the journal cannot be written, new calls are refused: {}", reason);
            whenGone.run();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            try (Connection connection = source.connect()) {
                watch(connection);
            } catch (SQLException e) {
                gone(e);
                pause();
            }
        }
    }

    private void watch(Connection connection) throws SQLException {
        while (!closed) {
            Schema.probe(connection, clock.millis());
            if (trouble.getAndSet(null) != null) {
                LOG.info("the journal can be written again");
            }
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(INTERVAL);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
