package io.warren.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Connections to a server that may go: nobody asks it when it is known to be gone, and whoever waits for an answer then
 * waits no longer. Safe for use by many threads.
 */
final class Connections {
    private final DataSource pool;
    private final JournalWatch watch;
    private final Set<Connection> inUse = ConcurrentHashMap.newKeySet();

    Connections(DataSource pool, JournalWatch watch) {
        this.pool = pool;
        this.watch = watch;
        watch.whenGone(this::abort);
    }

    /** Something to do with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    <T> T with(Work<T> work) throws SQLException {
        watch.require();
        try (Connection connection = pool.getConnection()) {
            inUse.add(connection);
            try {
                return work.with(connection);
            } finally {
                inUse.remove(connection);
            }
        } catch (SQLException e) {
            watch.failed(e);
            throw e;
        }
    }

    private void abort() {
        for (Connection connection : inUse) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is gone in any case; whoever uses it hears of it.
            }
        }
    }
}
