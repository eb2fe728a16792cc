package io.warren.journal;

import akka.actor.ActorRef;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayMessagesFailure;
import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.JournalProtocol.WriteMessageFailure;
import akka.persistence.JournalProtocol.WriteMessageSuccess;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.JournalProtocol.WriteMessagesSuccessful$;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.typesafe.config.Config;
import io.warren.wire.Bytes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The plug-in's journal actor on PostgreSQL. It writes and recovers many entities with one statement, and answers them
 * from the threads that talk to the server; its circuit breaker is the {@link JournalWatch}. Whatever else it is asked
 * goes the plug-in's way, and so do events that {@link EventCodec} does not know.
 *
 * <p>An entity has one write under way at most, so that answers of both ways cannot overtake each other.
 */
public final class SharedJournal extends JdbcAsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SharedJournal.class);

    private final PostgresqlDatabase database;
    private final Serialization serialization;

    /** Made by the plug-in, by reflection. */
    public SharedJournal(Config config) {
        super(config);
        database = SharedSlick.database(system());
        serialization = SerializationExtension.get(system());
    }

    @Override
    public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
        boolean taken = switch (message) {
            case WriteMessages write -> write(write);
            case ReplayMessages replay -> replay(replay);
            default -> false;
        };
        if (!taken) {
            super.aroundReceive(receive, message);
        }
    }

    private boolean write(WriteMessages request) {
        List<PersistentRepr> messages = new ArrayList<>();
        List<LoggedEvent> events = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (PersistentEnvelope envelope : CollectionConverters.asJava(request.messages())) {
            if (!(envelope instanceof AtomicWrite write)) {
                return false;
            }
            for (PersistentRepr message : CollectionConverters.asJava(write.payload())) {
                if (!EventCodec.types().contains(message.payload().getClass())) {
                    return false;
                }
                messages.add(message);
            }
        }
        Answer answer = new Answer(request, messages, self());
        try {
            for (PersistentRepr message : messages) {
                events.add(event(message, now));
            }
        } catch (RuntimeException e) {
            // An entity that hears nothing would wait for ever.
            LOG.error("an event cannot be written", e);
            answer.failed(new SQLException("an event has no form in the journal", e));
            return true;
        }
        database.writer().write(events, answer);
        return true;
    }

    private static LoggedEvent event(PersistentRepr message, long now) {
        return new LoggedEvent(
                0,
                message.persistenceId(),
                message.sequenceNr(),
                message.writerUuid(),
                now,
                message.manifest(),
                EventCodec.name(message.payload()),
                Bytes.of(EventCodec.encode(message.payload())));
    }

    /** Tells the entity what became of its events. */
    private record Answer(WriteMessages request, List<PersistentRepr> messages, ActorRef self)
            implements EventWriter.Outcome {
        @Override
        public void written() {
            ActorRef entity = request.persistentActor();
            entity.tell(WriteMessagesSuccessful$.MODULE$, self);
            for (PersistentRepr message : messages) {
                entity.tell(new WriteMessageSuccess(message, request.actorInstanceId()), message.sender());
            }
        }

        @Override
        public void failed(SQLException cause) {
            ActorRef entity = request.persistentActor();
            entity.tell(new WriteMessagesFailed(cause, request.messages().size()), self);
            for (PersistentRepr message : messages) {
                entity.tell(new WriteMessageFailure(message, cause, request.actorInstanceId()), message.sender());
            }
        }
    }

    private boolean replay(ReplayMessages request) {
        ActorRef self = self();
        database.events().about(request.persistenceId()).whenComplete((found, failure) -> {
            try {
                if (failure != null) {
                    throw failure;
                }
                replay(request, found.orElse(new StoredRows(0, List.of())), self);
            } catch (Throwable e) {
                if (!(e instanceof SQLException trouble && ServerTrouble.isGone(trouble))) {
                    LOG.error("{} cannot be recovered: {}", request.persistenceId(), e.getMessage());
                }
                request.persistentActor().tell(new ReplayMessagesFailure(e), self);
            }
        });
        return true;
    }

    private void replay(ReplayMessages request, StoredRows stored, ActorRef self) {
        ActorRef entity = request.persistentActor();
        stored.rows().stream()
                .filter(row -> row.sequenceNumber() >= request.fromSequenceNr()
                        && row.sequenceNumber() <= request.toSequenceNr())
                .limit(request.max())
                .map(row -> message(request.persistenceId(), row))
                .forEach(message -> entity.tell(new ReplayedMessage(message), ActorRef.noSender()));
        entity.tell(new RecoverySuccess(stored.highest()), self);
    }

    private PersistentRepr message(String persistenceId, StoredRows.Row row) {
        return PersistentRepr.apply(
                        SharedSlick.decode(row.event(), serialization),
                        row.sequenceNumber(),
                        persistenceId,
                        row.adapterManifest(),
                        false,
                        null,
                        row.writer())
                .withTimestamp(row.writtenAt());
    }
}
