package io.warren.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What happened to a tunnel or call, live or over, for an operator who asks. */
public final class JournalHistory {
    /** The latest events are given when there are more. */
    public static final int LIMIT = 1_000;

    private static final String SQL = """
            SELECT "sequence_number", "write_timestamp", "event_ser_manifest", "event_payload", "ordering"
                FROM "event_history" WHERE "persistence_id" = ?
            UNION ALL
            SELECT "sequence_number", "write_timestamp", "event_ser_manifest", "event_payload", "ordering"
                FROM "event_journal" WHERE "persistence_id" = ? AND "deleted" = FALSE
            ORDER BY 5 DESC LIMIT ?""";

    private final JournalDatabase database;
    private final Executor executor;

    /**
     * A history of this journal.
     *
     * @param executor where the database is waited for
     */
    public JournalHistory(JournalDatabase database, Executor executor) {
        this.database = database;
        this.executor = executor;
    }

    /**
     * The events under this persistence id, oldest first; none when there are none. An id that was used again has the
     * events of all its uses. Fails with {@link JournalException} when the journal does not answer.
     */
    public CompletionStage<List<RecordedEvent>> of(String persistenceId) {
        return CompletableFuture.supplyAsync(() -> read(persistenceId), executor);
    }

    private List<RecordedEvent> read(String persistenceId) {
        List<RecordedEvent> events = new ArrayList<>();
        try (Connection connection = database.connection();
                PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, persistenceId);
            statement.setString(2, persistenceId);
            statement.setInt(3, LIMIT);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(new RecordedEvent(
                            rows.getLong(1),
                            Instant.ofEpochMilli(rows.getLong(2)),
                            EventCodec.decode(rows.getString(3), rows.getBytes(4))));
                }
            }
        } catch (SQLException e) {
            throw new JournalException("cannot read the history of " + persistenceId + ": " + e.getMessage(), e);
        }
        Collections.reverse(events);
        return events;
    }
}
