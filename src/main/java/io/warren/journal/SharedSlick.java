package io.warren.journal;

import akka.actor.ActorSystem;
import akka.persistence.jdbc.db.SlickDatabase;
import akka.persistence.jdbc.db.SlickDatabaseProvider;
import akka.serialization.Serialization;
import com.typesafe.config.Config;
import scala.Option;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile$;
import slick.util.AsyncExecutor;

/**
 * Lets the plug-in use the connections of the {@link PostgresqlDatabase}, so that there is one pool and no password in
 * the actor system's configuration. The plug-in makes it by reflection.
 */
public final class SharedSlick implements SlickDatabaseProvider {
    /** For deletions and snapshots. */
    private static final int THREADS = 2;

    private static final int WAITING = 100_000;

    private final SlickDatabase slick;

    public SharedSlick(ActorSystem system) {
        PostgresProfile$ profile = PostgresProfile$.MODULE$;
        JdbcBackend.DatabaseDef opened = profile.backend()
                .Database()
                .forDataSource(
                        database(system).pool(),
                        Option.apply(THREADS),
                        AsyncExecutor.apply("warren-journal-slick", THREADS, THREADS, WAITING, THREADS),
                        false);
        this.slick = new Opened(opened, profile);
    }

    private record Opened(JdbcBackend.DatabaseDef database, JdbcProfile profile) implements SlickDatabase {
        @Override
        public boolean allowShutdown() {
            return false;
        }
    }

    @Override
    public SlickDatabase database(Config config) {
        return slick;
    }

    /** That was given to this actor system. */
    static PostgresqlDatabase database(ActorSystem system) {
        return system.settings()
                .setup()
                .get(PostgresqlDatabase.class)
                .orElseThrow(() -> new JournalException("the actor system was given no PostgreSQL journal"));
    }

    static Object decode(StoredRows.Serialized stored, Serialization serialization) {
        return stored.isOurs()
                ? EventCodec.decode(stored.manifest(), stored.octets())
                : serialization
                        .deserialize(stored.octets(), stored.serializer(), stored.manifest())
                        .get();
    }
}
