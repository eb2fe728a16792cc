package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDatabaseTest {
    @TempDir
    Path directory;

    @Test
    void makesItsDirectoryForTheNodesUserOnly() throws IOException {
        Path fresh = directory.resolve("a/b");
        JournalDatabase.open(fresh).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rwx------");
        assertThat(JournalConfig.h2File(fresh)).exists();
    }

    @Test
    void opensAgainWhatIsThere() throws SQLException {
        for (int round = 0; round < 3; round++) {
            try (H2Database database = JournalDatabase.open(directory);
                    Connection connection = database.connection();
                    ResultSet probes =
                            connection.createStatement().executeQuery("SELECT COUNT(*) FROM \"journal_probe\"")) {
                assertThat(probes.next()).isTrue();
                assertThat(probes.getInt(1)).isEqualTo(1);
            }
        }
    }

    @Test
    void hasTwoIndexesOnTheJournal() throws SQLException {
        try (H2Database database = JournalDatabase.open(directory);
                Connection connection = database.connection();
                ResultSet indexes = connection
                        .createStatement()
                        .executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.INDEXES"
                                + " WHERE TABLE_NAME = 'event_journal'")) {
            assertThat(indexes.next()).isTrue();
            assertThat(indexes.getInt(1)).isEqualTo(2);
        }
    }

    @Test
    void takesTheNumbersOfItsRowsInLargeSteps() throws SQLException {
        for (int round = 0; round < 2; round++) {
            try (JournalDatabase database = JournalDatabase.open(directory);
                    Connection connection = database.connection();
                    ResultSet ordering = connection
                            .createStatement()
                            .executeQuery("SELECT IDENTITY_CACHE FROM INFORMATION_SCHEMA.COLUMNS"
                                    + " WHERE TABLE_NAME = 'event_journal' AND COLUMN_NAME = 'ordering'")) {
                assertThat(ordering.next()).isTrue();
                assertThat(ordering.getLong(1)).isGreaterThanOrEqualTo(10_000);
            }
        }
    }

    @Test
    void saysWhichProcessHasTheFile() throws Exception {
        JournalDatabase.open(directory).close();
        Process holder = ChildJvm.start(ChildJvm.Holder.class, directory.toString());
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> JournalDatabase.open(directory))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(JournalConfig.h2File(directory).toString())
                    .hasMessageContaining("process " + holder.pid())
                    .hasMessageContaining("warren.data-dir");
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        JournalDatabase.open(directory).close();
    }

    @Test
    void refusesAPathThatWouldBeReadAsSettings() {
        assertThatThrownBy(() -> JournalDatabase.open(directory.resolve("a;TRACE_LEVEL_FILE=3")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("';'");
    }
}
