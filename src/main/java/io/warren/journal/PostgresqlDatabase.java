package io.warren.journal;

import akka.actor.setup.Setup;
import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.warren.config.Secret;
import io.warren.config.Settings;
import io.warren.control.port.Availability;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * The journal on a PostgreSQL server, which other nodes write, too: nothing is remembered of what is there, and there is
 * no log before it. Events are written by the {@link EventWriter} and read for many entities at once; the plug-in does
 * the rest over the same connections. The {@link Setup} by which the plug-in's parts find it.
 *
 * <p>When the server is gone, that is known at once ({@link JournalWatch}), and nobody waits for it.
 */
public final class PostgresqlDatabase extends Setup implements JournalDatabase {
    /** Two transactions at a time keep the disk busy; more would only be smaller. */
    private static final int WRITERS = 2;

    private static final int READERS = 2;

    /** The server is known to be there when somebody asks for a connection. */
    private static final long CONNECTION_MILLIS = 2_000;

    /** A server that says nothing for so long is gone; reading all shards takes less for the first rows. */
    private static final int SILENCE_SECONDS = 20;

    private static final int WATCH_SILENCE_SECONDS = 2;

    /** How long a host that says nothing is tried. */
    private static final int CONNECT_SECONDS = 2;

    /** Proving who we are takes a starting node that shares its processors a while. */
    private static final int LOGIN_SECONDS = 10;

    private final HikariDataSource pool;
    private final JournalWatch watch;
    private final EventWriter writer;
    private final Gathering<StoredRows> events;
    private final Gathering<StoredRows.Snapshot> snapshots;

    private PostgresqlDatabase(Settings.Postgresql server) {
        pool = pool(server);
        watch = JournalWatch.start(() -> connect(server, WATCH_SILENCE_SECONDS), Clock.systemUTC());
        Connections connections = new Connections(pool, watch);
        writer = new EventWriter(connections, WRITERS);
        events = new Gathering<>("warren-journal-events", connections, READERS, StoredRows::read);
        snapshots = new Gathering<>("warren-journal-snapshots", connections, 1, StoredRows.Snapshot::read);
    }

    /**
     * Connects to the server.
     *
     * @throws JournalException when it cannot be reached or has not our tables; says what to do
     */
    public static PostgresqlDatabase open(Settings.Postgresql server) {
        try (Connection connection = connect(server)) {
            List<String> missing = Schema.missing(connection);
            if (!missing.isEmpty()) {
                throw new JournalException("the database " + name(server) + " lacks the table "
                        + String.join(", ", missing)
                        + ": run \"warren schema --apply --config FILE\", or apply deploy/postgresql/schema.sql");
            }
        } catch (SQLException e) {
            throw unreachable(server, e);
        }
        return new PostgresqlDatabase(server);
    }

    /** A connection outside of any node, to be closed by the caller. */
    static Connection connect(Settings.Postgresql server) throws SQLException {
        return connect(server, SILENCE_SECONDS);
    }

    static JournalException unreachable(Settings.Postgresql server, SQLException e) {
        return new JournalException(
                "cannot use the database " + name(server) + " as " + server.user() + ": " + e.getMessage(), e);
    }

    /** Without the options, among which a password might be. */
    static String name(Settings.Postgresql server) {
        return server.url().replaceAll("\\?.*", "");
    }

    private static Connection connect(Settings.Postgresql server, int silenceSeconds) throws SQLException {
        Properties properties = properties(silenceSeconds);
        properties.setProperty("user", server.user());
        Secret password = server.password();
        if (password != null) {
            properties.setProperty("password", password.reveal());
        }
        return DriverManager.getConnection(server.url(), properties);
    }

    /** What the URL itself says goes before. */
    private static Properties properties(int silenceSeconds) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "warren");
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("binaryTransfer", "true");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(LOGIN_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(silenceSeconds));
        return properties;
    }

    private static HikariDataSource pool(Settings.Postgresql server) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("warren-journal");
        config.setJdbcUrl(server.url());
        config.setUsername(server.user());
        Secret password = server.password();
        if (password != null) {
            config.setPassword(password.reveal());
        }
        config.setDataSourceProperties(properties(SILENCE_SECONDS));
        config.setMaximumPoolSize(server.connections());
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setValidationTimeout(1_000);
        // The server may go while the node starts; whoever asks for a connection is told.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    @Override
    public Connection connection() throws SQLException {
        watch.require();
        return pool.getConnection();
    }

    /** Asks nobody: the watch has just asked. */
    @Override
    public void probe(long now) throws SQLException {
        watch.require();
    }

    @Override
    public Availability availability() {
        return watch;
    }

    @Override
    public Config config() {
        return JournalConfig.postgresql();
    }

    @Override
    public List<Setup> setups(JournalIndex index) {
        return List.of(this);
    }

    DataSource pool() {
        return pool;
    }

    EventWriter writer() {
        return writer;
    }

    /** The rows of an entity, read for many at once. */
    Gathering<StoredRows> events() {
        return events;
    }

    /** The latest snapshots, likewise. */
    Gathering<StoredRows.Snapshot> snapshots() {
        return snapshots;
    }

    @Override
    public void close() {
        writer.close();
        events.close();
        snapshots.close();
        watch.close();
        pool.close();
    }
}
