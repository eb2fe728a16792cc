package io.warren.journal;

import akka.actor.setup.Setup;
import com.typesafe.config.Config;
import io.warren.control.port.Availability;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The journal of a node by itself, in an H2 file, open for as long as this object is: no other process can open it meanwhile. To be opened before the
 * actor system and closed after it. Safe for use by many threads; each takes its own connection.
 */
public final class H2Database implements JournalDatabase {
    /** How long to wait for the tables to have what is in the log. */
    private static final long SETTLED_SECONDS = 10;

    private final JdbcDataSource source;
    private final Connection anchor;
    private final JournalLog log;
    private final Config config;

    private H2Database(Path directory, JdbcDataSource source, Connection anchor, JournalLog log) {
        this.config = JournalConfig.h2(directory);
        this.source = source;
        this.anchor = anchor;
        this.log = log;
    }

    /**
     * Opens the journal in this directory, and creates directory and tables when they are missing.
     *
     * @throws JournalException when the file is in use or cannot be opened; says what to do
     */
    static H2Database open(Path dataDirectory) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(JournalConfig.h2Url(dataDirectory));
        source.setUser(JournalConfig.USER);
        source.setPassword("");
        Path file = JournalConfig.h2File(dataDirectory);
        createDirectory(dataDirectory);
        try {
            return open(dataDirectory, source);
        } catch (IOException e) {
            throw new JournalException("cannot open the log of the journal " + file + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                    ? new JournalException("the journal " + file + " is in use by " + holder(file)
                            + "; stop that node first, or give this one another warren.data-dir")
                    : new JournalException("cannot open the journal " + file + ": " + e.getMessage(), e);
        }
    }

    private static H2Database open(Path directory, JdbcDataSource source) throws SQLException, IOException {
        Connection anchor = source.getConnection();
        try {
            Schema.create(anchor);
            return new H2Database(directory, source, anchor, JournalLog.open(directory, source));
        } catch (SQLException | IOException e) {
            anchor.close();
            throw e;
        }
    }

    /** Cheap: nothing is opened but a session. */
    @Override
    public Connection connection() throws SQLException {
        try {
            log.settled().toCompletableFuture().get(SETTLED_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SQLException("the database does not take what is in the log: " + e.getMessage(), e);
        }
        return source.getConnection();
    }

    /** A connection that may lack the events that {@link JournalLog#waiting} tells. */
    Connection unsettled() throws SQLException {
        return source.getConnection();
    }

    @Override
    public void probe(long now) throws SQLException {
        try {
            log.probe();
        } catch (IOException e) {
            throw new SQLException("the log cannot be written: " + e.getMessage(), e);
        }
        try (Connection connection = connection()) {
            Schema.probe(connection, now);
        }
    }

    /** A disk that is full is found out by those who write. */
    @Override
    public Availability availability() {
        return Availability.ALWAYS;
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public List<Setup> setups(JournalIndex index) {
        return List.of(index, log);
    }

    /** Where the events are written. */
    JournalLog log() {
        return log;
    }

    /** Closes the file, unless an actor system still has it open. */
    @Override
    public void close() {
        log.close();
        try {
            anchor.close();
        } catch (SQLException e) {
            throw new JournalException("cannot close the journal: " + e.getMessage(), e);
        }
    }

    /** Events hold what peers sent: for the eyes of the node's user only. */
    private static void createDirectory(Path directory) {
        try {
            if (Files.isDirectory(directory)) {
                return;
            }
            FileAttribute<Set<PosixFilePermission>> ownerOnly =
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(directory, ownerOnly);
        } catch (IOException | UnsupportedOperationException e) {
            throw new JournalException("cannot create the data directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Who has the file, from the kernel's list of locks: {@code 1: POSIX ADVISORY WRITE 4711 fd:01:123456 0 EOF}. */
    private static String holder(Path file) {
        try (BufferedReader locks = Files.newBufferedReader(Path.of("/proc/locks"))) {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            return locks.lines()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(words -> words.length > 5 && words[5].endsWith(inode))
                    .map(words -> "process " + words[4])
                    .findFirst()
                    .orElse("another process");
        } catch (IOException | UnsupportedOperationException e) {
            return "another process";
        }
    }
}
