package io.warren.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole journal in one go, tables and log, without an actor system: how a starting node knows its calls, and forwards for
 * them, before the first entity is awake. What is over for long is not in the journal any more ({@link
 * JournalSweeper}), so this takes as long as there are live calls.
 */
public final class BulkReader {
    private static final Logger LOG = LoggerFactory.getLogger(BulkReader.class);

    /** Rows per statement: H2 writes larger results to a temporary file before it hands out the first row. */
    private static final int PAGE = 10_000;

    private static final String EVENTS = """
            SELECT "ordering", "deleted", "persistence_id", "sequence_number", "writer", "write_timestamp",
                "adapter_manifest", "event_payload", "event_ser_id", "event_ser_manifest", "meta_ser_id"
            FROM "event_journal" WHERE "ordering" > ? ORDER BY "ordering" LIMIT ?""";

    private static final String SNAPSHOTS = """
            SELECT "persistence_id", "sequence_number", "created", "snapshot_ser_id", "snapshot_ser_manifest",
                "snapshot_payload", "meta_ser_id"
            FROM "snapshot" s WHERE "sequence_number" =
                (SELECT MAX("sequence_number") FROM "snapshot" l WHERE l."persistence_id" = s."persistence_id")""";

    private final JournalDatabase database;

    public BulkReader(JournalDatabase database) {
        this.database = database;
    }

    /**
     * What was read.
     *
     * @param unreadable entities with a row that we cannot decode; left to the actor, which fails loudly and alone
     */
    public record Summary(int entities, int events, List<String> unreadable) {}

    /**
     * Hands every tunnel and call to the consumer, in the order of their persistence ids, and makes the index complete.
     *
     * @throws JournalException when the database does not answer
     */
    public Summary read(JournalIndex index, Consumer<StoredEntity> consumer) {
        Map<String, Entity> entities = new TreeMap<>();
        List<LoggedEvent> waiting = database.log().waiting();
        try (Connection connection = database.unsettled()) {
            readSnapshots(connection, entities);
            readEvents(connection, entities);
            readLog(waiting, entities);
        } catch (SQLException e) {
            throw new JournalException("cannot read the journal: " + e.getMessage(), e);
        }
        List<String> unreadable = new ArrayList<>();
        int events = 0;
        for (Entity entity : entities.values()) {
            if (entity.unreadable) {
                unreadable.add(entity.persistenceId);
                index.uncertain(entity.persistenceId);
                continue;
            }
            StoredEntity stored = entity.stored();
            events += stored.rows().size();
            index.offer(stored);
            consumer.accept(stored);
        }
        index.complete();
        return new Summary(entities.size() - unreadable.size(), events, List.copyOf(unreadable));
    }

    private static void readSnapshots(Connection connection, Map<String, Entity> entities) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SNAPSHOTS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Entity entity = entities.computeIfAbsent(rows.getString(1), Entity::new);
                long sequenceNumber = rows.getLong(2);
                Record snapshot = entity.decode(rows.getInt(4), rows.getString(5), rows.getBytes(6), rows.getInt(7));
                if (snapshot != null) {
                    entity.snapshot = new StoredSnapshot(sequenceNumber, rows.getLong(3), snapshot);
                    entity.highest = sequenceNumber;
                }
            }
        }
    }

    private static void readEvents(Connection connection, Map<String, Entity> entities) throws SQLException {
        Map<String, String> strings = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
            statement.setInt(2, PAGE);
            long last = Long.MIN_VALUE;
            int count = PAGE;
            while (count == PAGE) {
                statement.setLong(1, last);
                count = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        last = rows.getLong(1);
                        count++;
                        readEvent(rows, entities, strings);
                    }
                }
            }
        }
    }

    /** The log goes on where the tables end; it may overlap them, if they took something meanwhile. */
    private static void readLog(List<LoggedEvent> waiting, Map<String, Entity> entities) {
        for (LoggedEvent logged : waiting) {
            Entity entity = entities.computeIfAbsent(logged.persistenceId(), Entity::new);
            if (logged.sequenceNumber() <= entity.highest) {
                continue;
            }
            entity.highest = logged.sequenceNumber();
            Record event = entity.decode(
                    EventSerializer.IDENTIFIER, logged.name(), logged.octets().toByteArray(), 0);
            if (event != null) {
                entity.rows.add(new StoredEvent(
                        logged.sequenceNumber(),
                        logged.number(),
                        logged.writtenAt(),
                        logged.writer(),
                        logged.adapterManifest(),
                        event));
            }
        }
    }

    private static void readEvent(ResultSet row, Map<String, Entity> entities, Map<String, String> strings)
            throws SQLException {
        Entity entity = entities.computeIfAbsent(row.getString(3), Entity::new);
        long sequenceNumber = row.getLong(4);
        entity.highest = Math.max(entity.highest, sequenceNumber);
        boolean inSnapshot = entity.snapshot != null && sequenceNumber <= entity.snapshot.sequenceNumber();
        if (row.getBoolean(2) || inSnapshot) {
            return;
        }
        Record event = entity.decode(row.getInt(9), row.getString(10), row.getBytes(8), row.getInt(11));
        if (event != null) {
            String writer = row.getString(5);
            entity.rows.add(new StoredEvent(
                    sequenceNumber,
                    row.getLong(1),
                    row.getLong(6),
                    strings.computeIfAbsent(writer, w -> w),
                    strings.computeIfAbsent(row.getString(7), m -> m),
                    event));
        }
    }

    /** An entity while its rows are being read. */
    private static final class Entity {
        private final String persistenceId;
        private final List<StoredEvent> rows = new ArrayList<>(4);
        private @Nullable StoredSnapshot snapshot;
        private long highest;
        private boolean unreadable;

        Entity(String persistenceId) {
            this.persistenceId = persistenceId;
        }

        @Nullable
        Record decode(int serializer, String name, byte[] octets, int metadataSerializer) {
            if (serializer != EventSerializer.IDENTIFIER || metadataSerializer != 0) {
                LOG.error("{}: a row by the unknown serializer {} ({})", persistenceId, serializer, name);
                unreadable = true;
                return null;
            }
            try {
                return EventCodec.decode(name, octets);
            } catch (JournalException e) {
                LOG.error("{}: {}", persistenceId, e.getMessage());
                unreadable = true;
                return null;
            }
        }

        StoredEntity stored() {
            rows.sort((a, b) -> Long.compare(a.sequenceNumber(), b.sequenceNumber()));
            return new StoredEntity(persistenceId, snapshot, rows, highest);
        }
    }
}
