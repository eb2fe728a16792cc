package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import io.warren.control.session.SessionEvent;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The journal on a real server, which is also stopped and started. */
@SuppressWarnings("NullAway.Init")
class PostgresqlDatabaseTest {
    static PostgresqlServer server;

    PostgresqlDatabase database;

    @BeforeAll
    static void startServer() {
        server = PostgresqlServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() throws SQLException {
        execute("DROP SCHEMA public CASCADE");
        execute("CREATE SCHEMA public");
        Schema.apply(server.settings());
        database = PostgresqlDatabase.open(server.settings());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    @Test
    void applyingTheSchemaAgainChangesNothing() {
        Schema.apply(server.settings());
        Schema.apply(server.settings());
    }

    @Test
    void theSchemaInTheProgramIsTheOneInDeploy() throws IOException {
        assertThat(Schema.postgresql()).isEqualTo(Files.readString(Path.of("deploy/postgresql/schema.sql")));
    }

    @Test
    void aDatabaseWithoutTablesSaysWhatToDo() throws SQLException {
        execute("DROP TABLE event_history");
        assertThatThrownBy(() -> PostgresqlDatabase.open(server.settings()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("event_history")
                .hasMessageContaining("warren schema --apply");
    }

    @Test
    void aWrongPasswordIsNotRepeatedInTheError() {
        assertThatThrownBy(() -> PostgresqlDatabase.open(server.settings("white rabbit")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("as warren")
                .hasMessageNotContaining("rabbit");
    }

    @Test
    void entitiesFindTheirEventsAgain() {
        SessionEvent first = EventSamples.connected(1);
        SessionEvent second = EventSamples.connected(2);
        try (JournalNode node = JournalNode.start(database)) {
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            assertThat(JournalNode.join(node.write(entity, first))).containsExactly(first);
        }
        open(server);
        try (JournalNode node = JournalNode.start(database)) {
            ActorRef<JournalNode.Write> entity = node.entity("session", "1-1");
            assertThat(JournalNode.join(node.write(entity, second))).containsExactly(first, second);
        }
        open(server);
    }

    /** A node closes its database with itself. */
    private void open(PostgresqlServer at) {
        database = PostgresqlDatabase.open(at.settings());
    }

    @Test
    void manyEntitiesStartAndWriteAtOnce() {
        try (JournalNode node = JournalNode.start(database)) {
            List<CompletionStage<List<SessionEvent>>> answers = new ArrayList<>();
            for (int i = 1; i <= 1_000; i++) {
                answers.add(node.write(node.entity("session", i + "-1"), EventSamples.connected(i)));
            }
            answers.forEach(answer -> assertThat(JournalNode.join(answer)).hasSize(1));
        }
        open(server);
    }

    @Test
    void shardsAreReadTogetherAndByThemselves() throws SQLException {
        write("tunnel|256", 1);
        write("session|256-7", 1);
        write("session|511-8", 1, 2);
        write("session|512-9", 1);
        write("pool|default", 1);
        assertThat(read(Set.of(1))).isEqualTo(Map.of("session|256-7", 1L, "session|511-8", 2L, "tunnel|256", 1L));
        assertThat(read(Set.of(2, 3))).isEqualTo(Map.of("session|512-9", 1L));
        assertThat(read(BulkReader.ALL_SHARDS)).hasSize(4);
    }

    @Test
    void readingShardsUsesTheirIndex() throws SQLException {
        execute("INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                + " event_payload, event_ser_id, event_ser_manifest) SELECT 'session|' || (i % 65536) || '-' || i, 1,"
                + " 'w', 0, '', '\\x00', 1701, 'x' FROM generate_series(1, 100000) i");
        execute("ANALYZE");
        assertThat(String.join("\n", query("EXPLAIN " + BulkReader.EVENTS_OF_SHARDS.replace("?", "'{1,2,3}'"))))
                .contains("event_journal_shard_idx");
        assertThat(String.join("\n", query("EXPLAIN " + BulkReader.SNAPSHOTS_OF_SHARDS.replace("?", "'{1,2,3}'"))))
                .contains("snapshot");
    }

    @Test
    void aNumberThatAnotherNodeHasTakenFailsAlone() throws Exception {
        write("session|1-1", 1);
        CompletableFuture<Boolean> taken = write(event("session|1-1", 1));
        List<CompletableFuture<Boolean>> others = new ArrayList<>();
        for (int i = 2; i < 100; i++) {
            others.add(write(event("session|1-" + i, 1)));
        }
        assertThat(taken.get(10, TimeUnit.SECONDS)).isFalse();
        for (CompletableFuture<Boolean> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(database.availability().writable()).isTrue();
    }

    @Test
    void theHighestNumberSurvivesTheDeletionOfItsEvent() throws Exception {
        write("tunnel|9", 1, 2, 3);
        execute("UPDATE event_journal SET deleted = TRUE");
        execute("DELETE FROM event_journal WHERE sequence_number < 3");
        StoredRows rows = JournalNode.join(database.events().about("tunnel|9")).orElseThrow();
        assertThat(rows.highest()).isEqualTo(3);
        assertThat(rows.rows()).isEmpty();
        assertThat(JournalNode.join(database.events().about("tunnel|10"))).isEmpty();
    }

    @Test
    void whatHasEndedBecomesHistoryAndANewUseOfItsIdsStays() throws SQLException {
        Instant now = Instant.now();
        long longAgo = now.minus(Duration.ofHours(1)).toEpochMilli();
        insert("session|1-1", 1, "session-connected/1", EventSamples.connected(1), longAgo);
        insert("session|1-1", 2, "session-closed/1", EventSamples.closed(), longAgo);
        insert("session|1-1", 3, "session-connected/1", EventSamples.connected(2), now.toEpochMilli());
        insert("session|1-2", 1, "session-connected/1", EventSamples.connected(3), longAgo);
        JournalSweeper sweeper = new JournalSweeper(database, null, Duration.ofMinutes(5), Duration.ofDays(7));

        assertThat(sweeper.sweep(now, 100).moved()).isEqualTo(1);
        assertThat(sweeper.sweep(now, 100).moved()).isZero();

        assertThat(read(BulkReader.ALL_SHARDS)).isEqualTo(Map.of("session|1-1", 3L, "session|1-2", 1L));
        JournalHistory history = new JournalHistory(database, Runnable::run);
        assertThat(JournalNode.join(history.of("session|1-1"))).hasSize(3);
        assertThat(sweeper.sweep(now.plus(Duration.ofDays(8)), 100).purged()).isEqualTo(2);
    }

    @Test
    void oneNodeSweepsAtATime() throws SQLException {
        try (Connection other = server.connect();
                Statement statement = other.createStatement()) {
            insert("session|1-1", 1, "session-closed/1", EventSamples.closed(), 0);
            statement.execute("BEGIN");
            statement.execute("SELECT pg_advisory_xact_lock(" + SharedSweep.SWEEPING + ")");
            JournalSweeper sweeper = new JournalSweeper(database, null, Duration.ofMinutes(5), Duration.ofDays(7));
            assertThat(sweeper.sweep(Instant.now(), 100).moved()).isZero();
            statement.execute("COMMIT");
            assertThat(sweeper.sweep(Instant.now(), 100).moved()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsGoneIsKnownWithinTwoSecondsAndSoIsItsReturn() throws Exception {
        JournalHealth health = new JournalHealth(database, Runnable::run, Clock.systemUTC(), Duration.ofSeconds(2));
        assertThat(JournalNode.join(health.check()).answering()).isTrue();
        server.stop();
        try {
            await(Duration.ofSeconds(2), () -> !database.availability().writable());
            assertThat(JournalNode.join(health.check()).answering()).isFalse();
            long asked = System.nanoTime();
            assertThat(write(event("session|1-1", 1)).get(5, TimeUnit.SECONDS)).isFalse();
            assertThatThrownBy(() -> read(Set.of(1))).isInstanceOf(JournalException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
        } finally {
            server.resume();
        }
        await(Duration.ofSeconds(5), () -> database.availability().writable());
        assertThat(JournalNode.join(health.check()).answering()).isTrue();
        assertThat(write(event("session|1-1", 1)).get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoeverWritesFirstAfterTheServerIsGoneTellsAllOthers() throws Exception {
        server.stop();
        try {
            assertThat(write(event("session|1-1", 1)).get(5, TimeUnit.SECONDS)).isFalse();
            assertThat(database.availability().writable()).isFalse();
        } finally {
            server.resume();
        }
        await(Duration.ofSeconds(5), () -> database.availability().writable());
    }

    @Test
    void theActorSystemsConfigurationHoldsNoPassword() {
        try (JournalNode node = JournalNode.start(database)) {
            assertThat(node.system.settings().config().root().render()).doesNotContain(PostgresqlServer.PASSWORD);
        }
        open(server);
    }

    private static void await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for %s", patience).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static LoggedEvent event(String persistenceId, long number) {
        SessionEvent event = EventSamples.connected((int) number);
        return new LoggedEvent(
                0,
                persistenceId,
                number,
                "writer",
                System.currentTimeMillis(),
                "",
                EventCodec.name(event),
                Bytes.of(EventCodec.encode(event)));
    }

    private void write(String persistenceId, long... numbers) {
        for (long number : numbers) {
            assertThat(write(event(persistenceId, number)).join()).isTrue();
        }
    }

    private CompletableFuture<Boolean> write(LoggedEvent event) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        database.writer().write(List.of(event), new EventWriter.Outcome() {
            @Override
            public void written() {
                done.complete(true);
            }

            @Override
            public void failed(SQLException cause) {
                done.complete(false);
            }
        });
        return done;
    }

    private static void insert(String persistenceId, long number, String name, Record event, long at)
            throws SQLException {
        try (Connection connection = server.connect();
                var statement = connection.prepareStatement(
                        "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                                + " adapter_manifest, event_payload, event_ser_id, event_ser_manifest)"
                                + " VALUES (?, ?, 'w', ?, '', ?, 1701, ?)")) {
            statement.setString(1, persistenceId);
            statement.setLong(2, number);
            statement.setLong(3, at);
            statement.setBytes(4, EventCodec.encode(event));
            statement.setString(5, name);
            statement.executeUpdate();
        }
    }

    private Map<String, Long> read(Set<Integer> shards) {
        Map<String, Long> found = new HashMap<>();
        new BulkReader(database)
                .read(shards, entity -> found.put(entity.persistenceId(), entity.highestSequenceNumber()));
        return found;
    }
}
