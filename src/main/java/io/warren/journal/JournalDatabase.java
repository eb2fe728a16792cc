package io.warren.journal;

import akka.actor.setup.Setup;
import com.typesafe.config.Config;
import io.warren.config.Settings;
import io.warren.control.port.Availability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Where the journal is. To be opened before the actor system and closed after it. Safe for use by many threads. */
public sealed interface JournalDatabase extends AutoCloseable permits H2Database, PostgresqlDatabase {
    /**
     * Opens the journal that the settings name.
     *
     * @throws JournalException when it cannot be opened; says what to do
     */
    static JournalDatabase open(Settings settings) {
        return switch (settings.journal().database()) {
            case H2 -> open(settings.dataDir());
            case POSTGRESQL -> PostgresqlDatabase.open(settings.journal().postgresql());
        };
    }

    /**
     * Opens the journal of a node by itself, in this directory; creates directory and tables when they are missing.
     *
     * @throws JournalException when the file is in use or cannot be opened; says what to do
     */
    static H2Database open(Path dataDirectory) {
        return H2Database.open(dataDirectory);
    }

    /** A connection of its own, to be closed by the caller; the tables have all events that were acknowledged by now. */
    Connection connection() throws SQLException;

    /**
     * Finds out whether events can be written, by writing.
     *
     * @param now milliseconds since 1970
     * @throws SQLException that says why not
     */
    void probe(long now) throws SQLException;

    /** What is known of that without asking. */
    Availability availability();

    /** For the actor system: to be put over the application's own configuration. Holds no password. */
    Config config();

    /**
     * For the actor system, too.
     *
     * @param index of a node that owns its journal alone; left out where others write as well
     */
    List<Setup> setups(JournalIndex index);

    @Override
    void close();
}
