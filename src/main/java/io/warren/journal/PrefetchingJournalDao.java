package io.warren.journal;

import akka.NotUsed;
import akka.actor.Scheduler;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import akka.stream.scaladsl.Source;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Future$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Success;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The plug-in's journal, which asks the {@link JournalIndex} before it asks the database, and writes to the {@link
 * JournalLog} when the index is sure of what is there. The plug-in makes it by reflection: the constructor's parameters
 * are given.
 */
public final class PrefetchingJournalDao extends DefaultJournalDao {
    /** What the plug-in's caller takes for "all of them are written". */
    private static final Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> NOTHING_REJECTED = Future.successful(
            CollectionConverters.asScala(List.<Try<BoxedUnit>>of()).toList());

    private final @Nullable JournalIndex index;
    private final @Nullable JournalLog log;

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
                        .orElse(null),
                serialization.system().settings().setup().get(JournalLog.class).orElse(null));
    }

    PrefetchingJournalDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            akka.persistence.jdbc.config.JournalConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer,
            @Nullable JournalIndex index,
            @Nullable JournalLog log) {
        super(database, profile, config, serialization, executionContext, materializer);
        this.index = index;
        this.log = log;
    }

    @Override
    public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
        if (index != null) {
            OptionalLong known = index.highestSequenceNumber(persistenceId);
            if (known.isPresent()) {
                return Future.successful(known.getAsLong());
            }
        }
        return afterLog(() -> super.highestSequenceNr(persistenceId, fromSequenceNr));
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
        JournalLog written = log;
        if (written == null) {
            return super.messagesWithBatch(persistenceId, fromSequenceNr, toSequenceNr, batchSize, refreshInterval);
        }
        return akka.stream.javadsl.Source.completionStageSource(written.settled()
                        .thenApply(_ -> super.messagesWithBatch(
                                        persistenceId, fromSequenceNr, toSequenceNr, batchSize, refreshInterval)
                                .asJava()))
                .mapMaterializedValue(_ -> NotUsed.getInstance())
                .asScala();
    }

    @Override
    public Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> asyncWriteMessages(
            scala.collection.immutable.Seq<AtomicWrite> messages) {
        if (index == null) {
            return super.asyncWriteMessages(messages);
        }
        List<AtomicWrite> writes = CollectionConverters.asJava(messages);
        try {
            return writeToLog(writes, 0) ? NOTHING_REJECTED : afterLog(() -> toDatabase(messages, writes, index));
        } catch (IOException | RuntimeException e) {
            return Future$.MODULE$.failed(e);
        }
    }

    /**
     * Writes to the log, if there is one and the index is sure that these events follow what is there; false when
     * nothing is done. They survive a kill when this returns true.
     *
     * @param now milliseconds since 1970; 0 when the events know their time
     * @throws IOException when nothing is written
     */
    boolean writeToLog(List<AtomicWrite> writes, long now) throws IOException {
        if (log == null || index == null || !index.expects(writes)) {
            return false;
        }
        List<JournalLog.Numbered> events = new ArrayList<>();
        for (AtomicWrite write : writes) {
            for (PersistentRepr message : CollectionConverters.asJava(write.payload())) {
                events.add(event(message, now == 0 ? message.timestamp() : now));
            }
        }
        log.append(events);
        for (AtomicWrite write : writes) {
            index.written(write.persistenceId(), write.highestSequenceNr());
        }
        return true;
    }

    /** Whether it is certain that nothing was ever written under this persistence id. */
    boolean isNew(String persistenceId) {
        return index != null && index.highestSequenceNumber(persistenceId).orElse(1) == 0;
    }

    private static JournalLog.Numbered event(PersistentRepr message, long writtenAt) {
        Bytes octets = Bytes.of(EventCodec.encode(message.payload()));
        String name = EventCodec.name(message.payload());
        return number -> new LoggedEvent(
                number,
                message.persistenceId(),
                message.sequenceNr(),
                message.writerUuid(),
                writtenAt,
                message.manifest(),
                name,
                octets);
    }

    private Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> toDatabase(
            scala.collection.immutable.Seq<AtomicWrite> messages, List<AtomicWrite> writes, JournalIndex known) {
        Map<String, Long> highest = new HashMap<>();
        for (AtomicWrite write : writes) {
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
        return afterLog(() -> super.delete(persistenceId, toSequenceNr));
    }

    /** Asks the database, when it has all that is in the log. */
    private <T> Future<T> afterLog(Supplier<Future<T>> question) {
        return log == null
                ? question.get()
                : FutureConverters.asScala(log.settled().thenCompose(_ -> FutureConverters.asJava(question.get())));
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
