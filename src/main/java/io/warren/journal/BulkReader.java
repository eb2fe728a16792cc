package io.warren.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal in bulk, without an actor system: how a node knows its calls, and forwards for them, before the
 * first entity is awake. All of it, tables and log, when the node is by itself and starts; the shards that it takes over
 * when it shares the journal with others. What is over for long is not in the journal any more ({@link JournalSweeper}),
 * so this takes as long as there are live calls.
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

    /** What {@code deploy/postgresql/schema.sql} has an index on. */
    private static final String SHARD = """
            (CASE WHEN "persistence_id" LIKE 'tunnel|%' OR "persistence_id" LIKE 'session|%'
            THEN split_part(split_part("persistence_id", '|', 2), '-', 1)::integer >> 8 END)""";

    static final String EVENTS_OF_SHARDS = """
            SELECT "ordering", "deleted", "persistence_id", "sequence_number", "writer", "write_timestamp",
                "adapter_manifest", "event_payload", "event_ser_id", "event_ser_manifest", "meta_ser_id"
            FROM "event_journal" WHERE\s""" + SHARD + " = ANY(?)";

    static final String SNAPSHOTS_OF_SHARDS =
            """
            SELECT DISTINCT ON ("persistence_id") "persistence_id", "sequence_number", "created", "snapshot_ser_id",
                "snapshot_ser_manifest", "snapshot_payload", "meta_ser_id"
            FROM "snapshot" WHERE\s""" + SHARD + " = ANY(?) ORDER BY \"persistence_id\", \"sequence_number\" DESC";

    /** All shards that there are. */
    public static final Set<Integer> ALL_SHARDS =
            IntStream.range(0, 256).boxed().collect(Collectors.toUnmodifiableSet());

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
     * Hands every tunnel and call to the consumer, in the order of their persistence ids. Makes the index of a node that
     * owns its journal alone complete; one that shares it has no use for an index.
     *
     * @throws JournalException when the database does not answer
     */
    public Summary read(JournalIndex index, Consumer<StoredEntity> consumer) {
        return switch (database) {
            case H2Database own -> {
                Summary summary = handOut(readAll(own), entity -> {
                    index.offer(entity);
                    consumer.accept(entity);
                });
                summary.unreadable().forEach(index::uncertain);
                index.complete();
                yield summary;
            }
            case PostgresqlDatabase _ -> read(ALL_SHARDS, consumer);
        };
    }

    /**
     * Hands the tunnels and calls of these shards (the high eight bits of the Tunnel ID) to the consumer, in the order of
     * their persistence ids; all of them as they were at one moment. Waits for the server: not for an actor's thread.
     *
     * @throws JournalException when the database does not answer; the consumer has not heard anything then
     */
    public Summary read(Set<Integer> shards, Consumer<StoredEntity> consumer) {
        return switch (database) {
            case H2Database _ -> throw new JournalException("only a shared journal is read by shards");
            case PostgresqlDatabase shared -> handOut(readShards(shared, shards), consumer);
        };
    }

    private static Map<String, Entity> readAll(H2Database own) {
        Map<String, Entity> entities = new TreeMap<>();
        List<LoggedEvent> waiting = own.log().waiting();
        try (Connection connection = own.unsettled()) {
            try (PreparedStatement statement = connection.prepareStatement(SNAPSHOTS)) {
                readSnapshots(statement, entities);
            }
            readEvents(connection, entities);
            readLog(waiting, entities);
        } catch (SQLException e) {
            throw new JournalException("cannot read the journal: " + e.getMessage(), e);
        }
        return entities;
    }

    private static Map<String, Entity> readShards(PostgresqlDatabase shared, Set<Integer> shards) {
        Map<String, Entity> entities = new TreeMap<>();
        try (Connection connection = shared.connection()) {
            // Rows come a page at a time only within a transaction, and both tables must be of the same moment.
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (PreparedStatement snapshots = connection.prepareStatement(SNAPSHOTS_OF_SHARDS);
                    PreparedStatement events = connection.prepareStatement(EVENTS_OF_SHARDS)) {
                snapshots.setArray(1, connection.createArrayOf("integer", shards.toArray()));
                readSnapshots(snapshots, entities);
                events.setFetchSize(PAGE);
                events.setArray(1, connection.createArrayOf("integer", shards.toArray()));
                Map<String, String> strings = new HashMap<>();
                try (ResultSet rows = events.executeQuery()) {
                    while (rows.next()) {
                        readEvent(rows, entities, strings);
                    }
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new JournalException("cannot read the journal: " + e.getMessage(), e);
        }
        return entities;
    }

    private static Summary handOut(Map<String, Entity> entities, Consumer<StoredEntity> consumer) {
        List<String> unreadable = new ArrayList<>();
        int events = 0;
        for (Entity entity : entities.values()) {
            if (entity.unreadable) {
                unreadable.add(entity.persistenceId);
                continue;
            }
            StoredEntity stored = entity.stored();
            events += stored.rows().size();
            consumer.accept(stored);
        }
        return new Summary(entities.size() - unreadable.size(), events, List.copyOf(unreadable));
    }

    private static void readSnapshots(PreparedStatement statement, Map<String, Entity> entities) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
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
