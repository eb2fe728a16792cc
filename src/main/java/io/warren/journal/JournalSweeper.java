package io.warren.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the journal small. What ended a while ago moves to the history, where operators find it and recovery does not
 * look; what ended before the retention time is deleted there. Finds by itself what has ended, in bounded steps; to be
 * called every few seconds by one thread. The ids of what has moved can be used again. Of nodes that share a journal
 * one at a time does it, for all.
 */
public final class JournalSweeper {
    private static final String ENDED = """
            SELECT "ordering", "persistence_id", "sequence_number", "write_timestamp" FROM "event_journal"
            WHERE "ordering" > ? AND "write_timestamp" < ? AND "event_ser_manifest" IN (?, ?)
            ORDER BY "ordering" LIMIT ?""";

    private static final String COPY = """
            INSERT INTO "event_history" ("ordering", "persistence_id", "sequence_number", "write_timestamp",
                "event_payload", "event_ser_manifest", "ended")
            SELECT "ordering", "persistence_id", "sequence_number", "write_timestamp", "event_payload",
                "event_ser_manifest", ?
            FROM "event_journal" WHERE "persistence_id" = ? AND "sequence_number" <= ? AND "deleted" = FALSE""";

    private static final String DELETE = """
            DELETE FROM "event_journal" WHERE "persistence_id" = ? AND "sequence_number" <= ?""";

    private static final String DELETE_SNAPSHOTS = """
            DELETE FROM "snapshot" WHERE "persistence_id" = ? AND "sequence_number" <= ?""";

    private static final String PURGE = """
            DELETE FROM "event_history" WHERE "ordering" IN
                (SELECT "ordering" FROM "event_history" WHERE "ended" < ? ORDER BY "ended" LIMIT ?)""";

    private final JournalDatabase database;
    private final @Nullable JournalIndex index;
    private final Duration grace;
    private final Duration retention;

    /** Rows are numbered when they are written, and dated a little before: their order can differ by this much. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    /** No ending is left in the journal up to this row. */
    private long settled = Long.MIN_VALUE;

    /**
     * Touches nothing yet.
     *
     * @param index of the node that owns the journal alone, else null
     * @param grace how long something must be over before it moves: longer than its entity lingers
     * @param retention how long the history of what is over is kept
     */
    public JournalSweeper(JournalDatabase database, @Nullable JournalIndex index, Duration grace, Duration retention) {
        this.database = database;
        this.index = index;
        this.grace = grace;
        this.retention = retention;
    }

    /**
     * What one step did.
     *
     * @param moved tunnels and calls that are history now
     * @param purged events of the history that are deleted now
     */
    public record Swept(int moved, int purged) {}

    record Ended(long ordering, String persistenceId, long sequenceNumber, long at) {}

    /**
     * Does one step.
     *
     * @param limit how many tunnels and calls to move, and how many events to delete, at most
     * @throws JournalException when the journal does not answer; nothing is half done then
     */
    public Swept sweep(Instant now, int limit) {
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            Instant before = now.minus(grace);
            List<Ended> ended = move(connection, before.toEpochMilli(), limit);
            int purged = purge(connection, now.minus(retention).toEpochMilli(), limit);
            connection.commit();
            for (Ended one : ended) {
                if (one.at() < before.minus(SLACK).toEpochMilli()) {
                    settled = Math.max(settled, one.ordering());
                }
                if (index != null) {
                    index.forget(one.persistenceId(), one.sequenceNumber());
                }
            }
            return new Swept(ended.size(), purged);
        } catch (SQLException e) {
            throw new JournalException("cannot sweep the journal: " + e.getMessage(), e);
        }
    }

    private List<Ended> move(Connection connection, long before, int limit) throws SQLException {
        return switch (database) {
            case H2Database _ -> {
                List<Ended> ended = ended(connection, before, limit);
                move(connection, ended);
                yield ended;
            }
            case PostgresqlDatabase _ -> SharedSweep.move(connection, before, limit);
        };
    }

    private List<Ended> ended(Connection connection, long before, int limit) throws SQLException {
        List<Ended> ended = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
            statement.setLong(1, settled);
            statement.setLong(2, before);
            statement.setString(3, EventCodec.TUNNEL_CLOSED);
            statement.setString(4, EventCodec.SESSION_CLOSED);
            statement.setInt(5, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ended.add(new Ended(rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return ended;
    }

    private static void move(Connection connection, List<Ended> ended) throws SQLException {
        try (PreparedStatement copy = connection.prepareStatement(COPY);
                PreparedStatement delete = connection.prepareStatement(DELETE);
                PreparedStatement snapshots = connection.prepareStatement(DELETE_SNAPSHOTS)) {
            for (Ended one : ended) {
                copy.setLong(1, one.at());
                copy.setString(2, one.persistenceId());
                copy.setLong(3, one.sequenceNumber());
                copy.executeUpdate();
                delete.setString(1, one.persistenceId());
                delete.setLong(2, one.sequenceNumber());
                delete.executeUpdate();
                snapshots.setString(1, one.persistenceId());
                snapshots.setLong(2, one.sequenceNumber());
                snapshots.executeUpdate();
            }
        }
    }

    private static int purge(Connection connection, long before, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PURGE)) {
            statement.setLong(1, before);
            statement.setInt(2, limit);
            return statement.executeUpdate();
        }
    }
}
