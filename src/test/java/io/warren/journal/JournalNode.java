package io.warren.journal;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.setup.Setup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.javadsl.AskPattern;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.control.session.SessionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The journal in an actor system, with entities that write what they are told. */
final class JournalNode implements AutoCloseable {
    final JournalDatabase database;
    final JournalIndex index = new JournalIndex();
    final ActorSystem<SpawnProtocol.Command> system;

    private JournalNode(JournalDatabase database, boolean indexed) {
        this.database = database;
        Config config = database.config()
                .withFallback(ConfigFactory.parseString("akka.actor.provider = local, akka.loglevel = WARNING"))
                .withFallback(ConfigFactory.load());
        ActorSystemSetup setup = ActorSystemSetup.create(BootstrapSetup.create(config.resolve()));
        if (indexed) {
            for (Setup part : database.setups(index)) {
                setup = setup.withSetup(part);
            }
        }
        this.system = ActorSystem.create(SpawnProtocol.create(), "journal", setup);
    }

    static JournalNode start(Path directory) {
        return start(directory, true);
    }

    static JournalNode start(Path directory, boolean indexed) {
        H2Database database = JournalDatabase.open(directory);
        return new JournalNode(database, indexed);
    }

    /** The database is closed with the node. */
    static JournalNode start(JournalDatabase database) {
        return new JournalNode(database, true);
    }

    /** Of a node that keeps its journal in a directory. */
    JournalLog log() {
        return ((H2Database) database).log();
    }

    /** Reads the journal into the index. */
    List<StoredEntity> read() {
        List<StoredEntity> entities = new ArrayList<>();
        new BulkReader(database).read(index, entities::add);
        return entities;
    }

    ActorRef<Write> entity(String type, String id) {
        return join(AskPattern.<SpawnProtocol.Command, ActorRef<Write>>ask(
                system,
                replyTo -> new SpawnProtocol.Spawn<>(
                        Writer.create(PersistenceId.of(type, id)), "", akka.actor.typed.Props.empty(), replyTo),
                Duration.ofSeconds(20),
                system.scheduler()));
    }

    CompletionStage<List<SessionEvent>> write(ActorRef<Write> entity, SessionEvent... events) {
        return AskPattern.ask(
                entity, replyTo -> new Write(List.of(events), replyTo), Duration.ofSeconds(20), system.scheduler());
    }

    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        system.terminate();
        join(system.getWhenTerminated());
        database.close();
    }

    /** Persists the events, then answers with all that the entity has persisted so far. */
    record Write(List<SessionEvent> events, ActorRef<List<SessionEvent>> replyTo) {}

    private static final class Writer extends EventSourcedBehavior<Write, SessionEvent, List<SessionEvent>> {
        private Writer(PersistenceId id) {
            super(id);
        }

        static Behavior<Write> create(PersistenceId id) {
            return new Writer(id);
        }

        @Override
        public List<SessionEvent> emptyState() {
            return List.of();
        }

        @Override
        public CommandHandler<Write, SessionEvent, List<SessionEvent>> commandHandler() {
            return (_, write) -> Effect().persist(write.events()).thenReply(write.replyTo(), state -> state);
        }

        @Override
        public EventHandler<List<SessionEvent>, SessionEvent> eventHandler() {
            return (state, event) -> {
                List<SessionEvent> next = new ArrayList<>(state);
                next.add(event);
                return List.copyOf(next);
            };
        }
    }

    static @Nullable StoredEntity find(List<StoredEntity> entities, String persistenceId) {
        return entities.stream()
                .filter(entity -> entity.persistenceId().equals(persistenceId))
                .findFirst()
                .orElse(null);
    }
}
