package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.tunnel.TunnelSnapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkReaderTest {
    private static final int CALLS = 10_000;
    private static final Record CONNECTED = EventSamples.connected(1);
    private static final Record UP = EventSamples.networkUp();
    private static final Record OFFERED = EventSamples.offered();

    @TempDir
    Path directory;

    @Test
    void readsTenThousandCallsFastEnoughForAStart() throws SQLException {
        try (H2Database database = JournalDatabase.open(directory)) {
            try (Connection connection = database.connection()) {
                connection.setAutoCommit(false);
                for (int call = 1; call <= CALLS; call++) {
                    insert(connection, "session|4711-" + call, List.of(CONNECTED, UP, UP, UP));
                }
                connection.commit();
            }
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 4; round++) {
                Map<String, Integer> seen = new HashMap<>();
                JournalIndex index = new JournalIndex();
                long start = System.nanoTime();
                BulkReader.Summary summary = new BulkReader(database)
                        .read(
                                index,
                                entity -> seen.put(
                                        entity.persistenceId(), entity.events().size()));
                long took = (System.nanoTime() - start) / 1_000_000;
                best = Math.min(best, took);
                System.out.println("measured: " + summary.events() + " events of " + CALLS + " calls read in " + took
                        + " ms, round " + round);
                assertThat(summary).isEqualTo(new BulkReader.Summary(CALLS, 4 * CALLS, List.of()));
                assertThat(seen).hasSize(CALLS).containsEntry("session|4711-815", 4);
                assertThat(index.size()).isEqualTo(CALLS);
            }
            assertThat(best)
                    .as("milliseconds, warm; on a machine that may be busy")
                    .isLessThan(3_000);
        }
    }

    @Test
    void beginsWithTheLatestSnapshot() throws SQLException {
        try (H2Database database = JournalDatabase.open(directory)) {
            TunnelSnapshot snapshot = EventSamples.snapshot();
            try (Connection connection = database.connection()) {
                insert(connection, "tunnel|1", List.of(OFFERED, OFFERED, OFFERED));
                snapshot(connection, "tunnel|1", 1, snapshot);
                snapshot(connection, "tunnel|1", 2, snapshot);
                snapshot(connection, "tunnel|2", 7, snapshot);
            }
            List<StoredEntity> entities = new ArrayList<>();
            new BulkReader(database).read(new JournalIndex(), entities::add);
            assertThat(entities).extracting(StoredEntity::persistenceId).containsExactly("tunnel|1", "tunnel|2");
            assertThat(entities.get(0).tunnelSnapshot()).isEqualTo(snapshot);
            assertThat(entities.get(0).events()).containsExactly(OFFERED);
            assertThat(entities.get(1).tunnelSnapshot()).isEqualTo(snapshot);
            assertThat(entities.get(1).events()).isEmpty();
            assertThat(entities.get(1).highestSequenceNumber()).isEqualTo(7);
        }
    }

    @Test
    void oneRowThatCannotBeReadHidesOnlyItsOwnCall() throws SQLException {
        try (H2Database database = JournalDatabase.open(directory)) {
            try (Connection connection = database.connection()) {
                insert(connection, "session|1-1", List.of(CONNECTED));
                insert(connection, "session|1-2", List.of(CONNECTED));
                connection
                        .createStatement()
                        .execute("UPDATE \"event_journal\" SET \"event_ser_manifest\" = 'connected/99'"
                                + " WHERE \"persistence_id\" = 'session|1-1'");
            }
            List<String> seen = new ArrayList<>();
            JournalIndex index = new JournalIndex();
            BulkReader.Summary summary =
                    new BulkReader(database).read(index, entity -> seen.add(entity.persistenceId()));
            assertThat(summary.unreadable()).containsExactly("session|1-1");
            assertThat(seen).containsExactly("session|1-2");
            assertThat(index.highestSequenceNumber("session|1-1")).isEmpty();
        }
    }

    static void insert(Connection connection, String persistenceId, List<Record> events) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer", "write_timestamp",
                    "adapter_manifest", "event_payload", "event_ser_id", "event_ser_manifest")
                VALUES (?, ?, 'w', 0, '', ?, ?, ?)""")) {
            for (int i = 0; i < events.size(); i++) {
                statement.setString(1, persistenceId);
                statement.setLong(2, i + 1);
                statement.setBytes(3, EventCodec.encode(events.get(i)));
                statement.setInt(4, EventSerializer.IDENTIFIER);
                statement.setString(5, EventCodec.name(events.get(i)));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void snapshot(Connection connection, String persistenceId, long number, TunnelSnapshot snapshot)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                INSERT INTO "snapshot" ("persistence_id", "sequence_number", "created", "snapshot_ser_id",
                    "snapshot_ser_manifest", "snapshot_payload") VALUES (?, ?, 0, ?, ?, ?)""")) {
            statement.setString(1, persistenceId);
            statement.setLong(2, number);
            statement.setInt(3, EventSerializer.IDENTIFIER);
            statement.setString(4, EventCodec.name(snapshot));
            statement.setBytes(5, EventCodec.encode(snapshot));
            statement.executeUpdate();
        }
    }
}
