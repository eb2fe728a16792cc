package io.warren.journal;

import akka.actor.ActorRef;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.WriteMessageFailure;
import akka.persistence.JournalProtocol.WriteMessageSuccess;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.JournalProtocol.WriteMessagesSuccessful$;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import com.typesafe.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.PartialFunction;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * The plug-in's journal actor, which answers at once what needs no database: a write to the {@link JournalLog}, and the
 * recovery of what has no past. Going through the plug-in's futures, its re-sequencer and an actor for each recovery
 * took as much time as all of our own code. Whatever else it is asked goes the plug-in's way.
 *
 * <p>An entity has one write under way at most, so that answers of both ways cannot overtake each other.
 */
public final class LogFirstJournal extends JdbcAsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(LogFirstJournal.class);

    /** Made by the plug-in, by reflection. */
    public LogFirstJournal(Config config) {
        super(config);
    }

    @Override
    public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
        boolean answered = journalDao() instanceof PrefetchingJournalDao journal
                && switch (message) {
                    case WriteMessages write -> write(journal, write);
                    case ReplayMessages replay -> replay(journal, replay);
                    default -> false;
                };
        if (!answered) {
            super.aroundReceive(receive, message);
        }
    }

    private boolean replay(PrefetchingJournalDao journal, ReplayMessages replay) {
        if (!journal.isNew(replay.persistenceId())) {
            return false;
        }
        replay.persistentActor().tell(new RecoverySuccess(0), self());
        return true;
    }

    private boolean write(PrefetchingJournalDao journal, WriteMessages request) {
        List<AtomicWrite> writes = new ArrayList<>();
        for (PersistentEnvelope envelope : CollectionConverters.asJava(request.messages())) {
            if (!(envelope instanceof AtomicWrite write)) {
                return false;
            }
            writes.add(write);
        }
        try {
            if (!journal.writeToLog(writes, System.currentTimeMillis())) {
                return false;
            }
        } catch (IOException | RuntimeException e) {
            failed(request, writes, e);
            return true;
        }
        ActorRef entity = request.persistentActor();
        entity.tell(WriteMessagesSuccessful$.MODULE$, self());
        for (AtomicWrite write : writes) {
            for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
                entity.tell(new WriteMessageSuccess(event, request.actorInstanceId()), event.sender());
            }
        }
        return true;
    }

    private void failed(WriteMessages request, List<AtomicWrite> writes, Exception cause) {
        LOG.error("{} cannot be written: {}", writes.getFirst().persistenceId(), cause.getMessage());
        ActorRef entity = request.persistentActor();
        entity.tell(new WriteMessagesFailed(cause, writes.size()), self());
        for (AtomicWrite write : writes) {
            for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
                entity.tell(new WriteMessageFailure(event, cause, request.actorInstanceId()), event.sender());
            }
        }
    }
}
