package io.warren.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;

/** The part of Akka's configuration that is the journal. */
public final class JournalConfig {
    /** The name of the database in the data directory; H2 adds {@code .mv.db}. */
    static final String FILE = "journal";

    static final String USER = "sa";

    /**
     * WRITE_DELAY=0: what is acknowledged is in the file (with H2's default of 500 ms a kill loses it).
     * RETENTION_TIME: free space is used again soon, so the file stays small. DB_CLOSE_ON_EXIT: the node closes the
     * database itself, after the last write.
     */
    private static final String OPTIONS =
            ";WRITE_DELAY=0;CACHE_SIZE=131072;RETENTION_TIME=1000" + ";DB_CLOSE_ON_EXIT=FALSE;DATABASE_TO_UPPER=false";

    private JournalConfig() {}

    /** To be put over the application's own configuration. */
    public static Config h2(Path dataDirectory) {
        return ConfigFactory.parseMap(
                        Map.of("akka-persistence-jdbc.shared-databases.warren.db.url", h2Url(dataDirectory)))
                .withFallback(ConfigFactory.parseResources(JournalConfig.class.getClassLoader(), "journal.conf"));
    }

    /** To be put over the application's own configuration, together with the {@link PostgresqlDatabase} itself. */
    static Config postgresql() {
        return ConfigFactory.parseResources(JournalConfig.class.getClassLoader(), "journal-postgresql.conf");
    }

    static Path h2File(Path dataDirectory) {
        return dataDirectory.toAbsolutePath().normalize().resolve(FILE + ".mv.db");
    }

    static String h2Url(Path dataDirectory) {
        Path database = dataDirectory.toAbsolutePath().normalize().resolve(FILE);
        if (database.toString().indexOf(';') >= 0) {
            throw new JournalException("the data directory must not have a ';' in its name: " + database);
        }
        return "jdbc:h2:file:" + database + OPTIONS;
    }
}
