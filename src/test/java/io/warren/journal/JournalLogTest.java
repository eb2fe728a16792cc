package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.control.session.SessionEvent;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalLogTest {
    private static final SessionEvent EVENT = EventSamples.connected(1);

    @TempDir
    Path directory;

    @TempDir
    Path aside;

    @Test
    void whatIsWrittenIsInTheTablesForWhoeverAsks() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            database.log().append(List.of(event(1), event(2)));
            assertThat(rows(database)).isEqualTo(2);
            assertThat(database.log().waiting()).isEmpty();
        }
        assertThat(logs()).as("after an orderly end").isEmpty();
    }

    /** As after a kill: the log as it was before its events went to the database, beside a database without them. */
    @Test
    void aStartReadsWhatIsOnlyInTheLogAndEachEventArrivesOnce() throws Exception {
        JournalDatabase.open(directory).close();
        Files.copy(JournalConfig.h2File(directory), aside.resolve("db"));
        Path log;
        try (H2Database database = JournalDatabase.open(directory)) {
            database.log().append(List.of(event(1), event(2), event(3)));
            log = logs().getFirst();
            Files.copy(log, aside.resolve("log"));
        }
        Files.copy(aside.resolve("db"), JournalConfig.h2File(directory), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(aside.resolve("log"), log);
        for (int start = 0; start < 3; start++) {
            try (H2Database database = JournalDatabase.open(directory)) {
                List<StoredEntity> entities = new ArrayList<>();
                new BulkReader(database).read(new JournalIndex(), entities::add);
                StoredEntity entity = Objects.requireNonNull(JournalNode.find(entities, "session|1-1"));
                assertThat(entity.events()).hasSize(3);
                assertThat(entity.highestSequenceNumber()).isEqualTo(3);
                assertThat(rows(database)).isEqualTo(3);
            }
        }
        assertThat(logs()).isEmpty();
    }

    /** As after a kill between the transaction and the end of the file: nothing must be there twice. */
    @Test
    void aLogWhoseEventsAreInTheDatabaseAddsNothing() throws Exception {
        Path log;
        try (H2Database database = JournalDatabase.open(directory)) {
            database.log().append(List.of(event(1), event(2)));
            log = logs().getFirst();
            Files.copy(log, aside.resolve("log"));
        }
        Files.copy(aside.resolve("log"), log);
        try (H2Database database = JournalDatabase.open(directory)) {
            assertThat(database.log().waiting()).isEmpty();
            assertThat(rows(database)).isEqualTo(2);
            database.log().append(List.of(event(3)));
            assertThat(rows(database)).isEqualTo(3);
        }
    }

    @Test
    void anEventThatIsThereAlreadyKeepsTheOthersFromNothing() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            database.log().append(List.of(event(1)));
            database.log().append(List.of(event(1), event(2)));
            assertThat(rows(database)).isEqualTo(2);
        }
    }

    @Test
    void aDatabaseThatFailsKeepsNobodyWaitingAndLosesNothing() throws Exception {
        try (H2Database database = JournalDatabase.open(directory)) {
            execute(database, "ALTER TABLE \"event_journal\" RENAME TO \"elsewhere\"");
            database.log().append(List.of(event(1)));
            assertThatThrownBy(database::connection).isInstanceOf(SQLException.class);
            database.log().append(List.of(event(2)));
            try (Connection connection = database.unsettled()) {
                connection.createStatement().execute("ALTER TABLE \"elsewhere\" RENAME TO \"event_journal\"");
            }
            assertThat(rows(database)).isEqualTo(2);
        }
    }

    @Test
    void aClosedLogRefuses() throws Exception {
        H2Database database = JournalDatabase.open(directory);
        database.close();
        assertThatThrownBy(() -> database.log().append(List.of(event(1)))).isInstanceOf(IOException.class);
    }

    private static JournalLog.Numbered event(long sequenceNumber) {
        return number -> new LoggedEvent(
                number,
                "session|1-1",
                sequenceNumber,
                "writer",
                1_000,
                "",
                EventCodec.name(EVENT),
                Bytes.of(EventCodec.encode(EVENT)));
    }

    private static void execute(H2Database database, String sql) throws SQLException {
        try (Connection connection = database.connection()) {
            connection.createStatement().execute(sql);
        }
    }

    private static long rows(H2Database database) throws SQLException {
        try (Connection connection = database.connection();
                ResultSet count = connection.createStatement().executeQuery("SELECT COUNT(*) FROM \"event_journal\"")) {
            return count.next() ? count.getLong(1) : -1;
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log")).toList();
        }
    }
}
