package io.warren.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one entity, as they are in the tables.
 *
 * @param highest the highest sequence number, also when its row counts as deleted
 * @param rows those that do not, in order
 */
record StoredRows(long highest, List<Row> rows) {
    private static final String EVENTS = """
            SELECT "persistence_id", "sequence_number", "deleted", "writer", "write_timestamp", "adapter_manifest",
                "event_payload", "event_ser_id", "event_ser_manifest"
            FROM "event_journal" WHERE "persistence_id" = ANY(?) ORDER BY "persistence_id", "sequence_number\"""";

    private static final String SNAPSHOTS = """
            SELECT DISTINCT ON ("persistence_id") "persistence_id", "sequence_number", "created", "snapshot_payload",
                "snapshot_ser_id", "snapshot_ser_manifest"
            FROM "snapshot" WHERE "persistence_id" = ANY(?) ORDER BY "persistence_id", "sequence_number" DESC""";

    /**
     * An event.
     *
     * @param writtenAt milliseconds since 1970
     */
    record Row(long sequenceNumber, String writer, long writtenAt, String adapterManifest, Serialized event) {}

    /** The latest snapshot. */
    record Snapshot(long sequenceNumber, long writtenAt, Serialized snapshot) {
        static Map<String, Snapshot> read(Connection connection, String[] persistenceIds) throws SQLException {
            Map<String, Snapshot> found = new HashMap<>();
            try (PreparedStatement statement = connection.prepareStatement(SNAPSHOTS)) {
                statement.setArray(1, connection.createArrayOf("varchar", persistenceIds));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.put(
                                rows.getString(1),
                                new Snapshot(
                                        rows.getLong(2),
                                        rows.getLong(3),
                                        new Serialized(rows.getBytes(4), rows.getInt(5), rows.getString(6))));
                    }
                }
            }
            return found;
        }
    }

    /** An event or snapshot that may be by a serializer that is not ours. */
    @SuppressWarnings("ArrayRecordComponent") // on its way to the decoder, never compared
    record Serialized(byte[] octets, int serializer, String manifest) {
        boolean isOurs() {
            return serializer == EventSerializer.IDENTIFIER;
        }
    }

    static Map<String, StoredRows> read(Connection connection, String[] persistenceIds) throws SQLException {
        Map<String, StoredRows> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setArray(1, connection.createArrayOf("varchar", persistenceIds));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String persistenceId = rows.getString(1);
                    StoredRows before = found.get(persistenceId);
                    List<Row> all = before == null ? new ArrayList<>(4) : before.rows();
                    long number = rows.getLong(2);
                    if (!rows.getBoolean(3)) {
                        all.add(new Row(
                                number,
                                rows.getString(4),
                                rows.getLong(5),
                                rows.getString(6),
                                new Serialized(rows.getBytes(7), rows.getInt(8), rows.getString(9))));
                    }
                    found.put(persistenceId, new StoredRows(number, all));
                }
            }
        }
        return found;
    }
}
