package io.warren.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves what has ended to the history on PostgreSQL. Whichever node gets the lock does it for all nodes: what ended
 * longer ago than its entity lingers is nobody's any more, and only rows up to its end are moved, so a new use of its
 * ids is not touched.
 */
final class SharedSweep {
    static final long SWEEPING = 0x7761_7272_656e_0002L;

    /** Served by {@code event_journal_ended_idx}, whose condition must stand here word for word. */
    private static final String ENDED = """
            SELECT "ordering", "persistence_id", "sequence_number", "write_timestamp" FROM "event_journal"
            WHERE "write_timestamp" < ? AND "event_ser_manifest" IN ('%s', '%s')
            ORDER BY "write_timestamp" LIMIT ?""".formatted(EventCodec.TUNNEL_CLOSED, EventCodec.SESSION_CLOSED);

    private static final String MOVE = """
            WITH "over" AS (
                DELETE FROM "event_journal" j USING unnest(?::text[], ?::bigint[], ?::bigint[]) AS e(id, upto, at)
                WHERE j."persistence_id" = e.id AND j."sequence_number" <= e.upto
                RETURNING j."ordering", j."persistence_id", j."sequence_number", j."write_timestamp",
                    j."event_payload", j."event_ser_manifest", e.at, j."deleted")
            INSERT INTO "event_history" ("ordering", "persistence_id", "sequence_number", "write_timestamp",
                "event_payload", "event_ser_manifest", "ended")
            SELECT "ordering", "persistence_id", "sequence_number", "write_timestamp", "event_payload",
                "event_ser_manifest", at FROM "over" WHERE NOT "deleted\"""";

    private static final String DELETE_SNAPSHOTS = """
            DELETE FROM "snapshot" s USING unnest(?::text[], ?::bigint[]) AS e(id, upto)
            WHERE s."persistence_id" = e.id AND s."sequence_number" <= e.upto""";

    private SharedSweep() {}

    /** Within the caller's transaction; nothing when another node is at it. */
    static List<JournalSweeper.Ended> move(Connection connection, long before, int limit) throws SQLException {
        List<JournalSweeper.Ended> ended = mayMove(connection) ? ended(connection, before, limit) : List.of();
        if (!ended.isEmpty()) {
            Array ids = connection.createArrayOf(
                    "text",
                    ended.stream().map(JournalSweeper.Ended::persistenceId).toArray());
            Array numbers = connection.createArrayOf(
                    "bigint",
                    ended.stream().map(JournalSweeper.Ended::sequenceNumber).toArray());
            Array times = connection.createArrayOf(
                    "bigint", ended.stream().map(JournalSweeper.Ended::at).toArray());
            run(connection, MOVE, ids, numbers, times);
            run(connection, DELETE_SNAPSHOTS, ids, numbers);
        }
        return ended;
    }

    private static boolean mayMove(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT pg_try_advisory_xact_lock(" + SWEEPING + ")")) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private static List<JournalSweeper.Ended> ended(Connection connection, long before, int limit) throws SQLException {
        List<JournalSweeper.Ended> ended = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
            statement.setLong(1, before);
            statement.setInt(2, limit);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ended.add(new JournalSweeper.Ended(
                            rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return ended;
    }

    private static void run(Connection connection, String sql, Array... arrays) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.length; i++) {
                statement.setArray(i + 1, arrays[i]);
            }
            statement.executeUpdate();
        }
    }
}
