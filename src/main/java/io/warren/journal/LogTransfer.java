package io.warren.journal;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the log into the tables: the rows are those that akka-persistence-jdbc would have written. */
final class LogTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(LogTransfer.class);

    private static final String COLUMNS = """
            INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer", "write_timestamp",
                "adapter_manifest", "event_payload", "event_ser_id", "event_ser_manifest")""";

    private static final String INSERT = COLUMNS + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String INSERT_UNLESS_THERE = COLUMNS + """
             SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS
                (SELECT 1 FROM "event_journal" WHERE "persistence_id" = ? AND "sequence_number" = ?)""";

    private LogTransfer() {}

    /** The number of the last event of the log that is in the tables. */
    static long position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT \"applied\" FROM \"journal_log\"")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Puts these into the tables, and notes how far they go: all in one transaction. */
    static void apply(Connection connection, List<LoggedEvent> events) throws SQLException {
        connection.setAutoCommit(false);
        try {
            insert(connection, events);
            try (PreparedStatement note = connection.prepareStatement("UPDATE \"journal_log\" SET \"applied\" = ?")) {
                note.setLong(1, events.getLast().number());
                note.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** All that is committed reaches the disk. */
    static void force(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    private static void insert(Connection connection, List<LoggedEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (LoggedEvent event : events) {
                fill(insert, event);
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (BatchUpdateException e) {
            if (e.getErrorCode() != ErrorCode.DUPLICATE_KEY_1) {
                throw e;
            }
            connection.rollback();
            insertUnlessThere(connection, events);
        }
    }

    /** One event that can never be stored must not keep all others out. */
    private static void insertUnlessThere(Connection connection, List<LoggedEvent> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_UNLESS_THERE)) {
            for (LoggedEvent event : events) {
                fill(insert, event);
                insert.setString(9, event.persistenceId());
                insert.setLong(10, event.sequenceNumber());
                if (insert.executeUpdate() == 0) {
                    LOG.error("{}: the journal has an event {} already", event.persistenceId(), event.sequenceNumber());
                }
            }
        }
    }

    private static void fill(PreparedStatement insert, LoggedEvent event) throws SQLException {
        insert.setString(1, event.persistenceId());
        insert.setLong(2, event.sequenceNumber());
        insert.setString(3, event.writer());
        insert.setLong(4, event.writtenAt());
        insert.setString(5, event.adapterManifest());
        insert.setBytes(6, event.octets().toByteArray());
        insert.setInt(7, EventSerializer.IDENTIFIER);
        insert.setString(8, event.name());
    }
}
