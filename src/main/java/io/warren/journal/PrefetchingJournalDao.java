package io.warren.journal;

import akka.NotUsed;
import akka.actor.Scheduler;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import akka.stream.scaladsl.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import scala.util.Success;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The plug-in's journal, which asks the {@link JournalIndex} before it asks the database. The plug-in makes it by
 * reflection: the constructor's parameters are given.
 */
public final class PrefetchingJournalDao extends DefaultJournalDao {
    private final @Nullable JournalIndex index;

    public PrefetchingJournalDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            akka.persistence.jdbc.config.JournalConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer) {
        this(
                database,
                profile,
                config,
                serialization,
                executionContext,
                materializer,
                serialization
                        .system()
                        .settings()
                        .setup()
                        .get(JournalIndex.class)
                        .orElse(null));
    }

    PrefetchingJournalDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            akka.persistence.jdbc.config.JournalConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer,
            @Nullable JournalIndex index) {
        super(database, profile, config, serialization, executionContext, materializer);
        this.index = index;
    }

    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
        if (index != null) {
            OptionalLong known = index.highestSequenceNumber(persistenceId);
            if (known.isPresent()) {
                return Future.successful(known.getAsLong());
            }
        }
        return super.highestSequenceNr(persistenceId, fromSequenceNr);
    }

    @Override
    public Source<Try<Tuple2<PersistentRepr, Object>>, NotUsed> messagesWithBatch(
            String persistenceId,
            long fromSequenceNr,
            long toSequenceNr,
            int batchSize,
            Option<Tuple2<FiniteDuration, Scheduler>> refreshInterval) {
        if (index != null && refreshInterval.isEmpty()) {
            List<StoredEvent> rows = index.takeRows(persistenceId, fromSequenceNr, toSequenceNr);
            if (rows != null) {
                return akka.stream.javadsl.Source.from(rows)
                        .map(row -> message(persistenceId, row))
                        .asScala();
            }
        }
        return super.messagesWithBatch(persistenceId, fromSequenceNr, toSequenceNr, batchSize, refreshInterval);
    }

    @Override
    public Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> asyncWriteMessages(
            scala.collection.immutable.Seq<AtomicWrite> messages) {
        if (index == null) {
            return super.asyncWriteMessages(messages);
        }
        JournalIndex known = index;
        Map<String, Long> highest = new HashMap<>();
        for (AtomicWrite write : CollectionConverters.asJava(messages)) {
            highest.merge(write.persistenceId(), write.highestSequenceNr(), Math::max);
        }
        highest.keySet().forEach(known::uncertain);
        return super.asyncWriteMessages(messages)
                .transform(
                        result -> {
                            boolean done = result.isSuccess() && result.get().forall(Try::isSuccess);
                            highest.forEach((id, number) -> {
                                if (done) {
                                    known.written(id, number);
                                } else {
                                    known.uncertain(id);
                                }
                            });
                            return result;
                        },
                        ec());
    }

    @Override
    public Future<BoxedUnit> delete(String persistenceId, long toSequenceNr) {
        if (index != null) {
            index.deleting(persistenceId);
        }
        return super.delete(persistenceId, toSequenceNr);
    }

    private static Try<Tuple2<PersistentRepr, Object>> message(String persistenceId, StoredEvent row) {
        PersistentRepr message = PersistentRepr.apply(
                        row.event(),
                        row.sequenceNumber(),
                        persistenceId,
                        row.adapterManifest(),
                        false,
                        null,
                        row.writer())
                .withTimestamp(row.writtenAt());
        return new Success<>(new Tuple2<>(message, row.ordering()));
    }
}
