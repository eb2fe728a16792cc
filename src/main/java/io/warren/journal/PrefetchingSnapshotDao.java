package io.warren.journal;

import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/** The plug-in's snapshot store, which asks the {@link JournalIndex} for the latest snapshot first. */
public final class PrefetchingSnapshotDao extends DefaultSnapshotDao {
    private final @Nullable JournalIndex index;

    public PrefetchingSnapshotDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
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

    PrefetchingSnapshotDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer,
            @Nullable JournalIndex index) {
        super(database, profile, config, serialization, executionContext, materializer);
        this.index = index;
    }

    @Override
    public Future<Option<Tuple2<SnapshotMetadata, Object>>> latestSnapshot(String persistenceId) {
        if (index == null) {
            return super.latestSnapshot(persistenceId);
        }
        return switch (index.takeSnapshot(persistenceId)) {
            case JournalIndex.SnapshotAnswer.Found(StoredSnapshot found) ->
                Future.successful(Option.apply(new Tuple2<>(
                        new SnapshotMetadata(persistenceId, found.sequenceNumber(), found.writtenAt()),
                        found.snapshot())));
            case JournalIndex.SnapshotAnswer.None _ -> Future.successful(Option.empty());
            case JournalIndex.SnapshotAnswer.AskDatabase _ -> super.latestSnapshot(persistenceId);
        };
    }

    @Override
    public Future<BoxedUnit> save(SnapshotMetadata metadata, Object snapshot) {
        changing(metadata.persistenceId());
        return super.save(metadata, snapshot);
    }

    @Override
    public Future<BoxedUnit> delete(String persistenceId, long sequenceNr) {
        changing(persistenceId);
        return super.delete(persistenceId, sequenceNr);
    }

    @Override
    public Future<BoxedUnit> deleteAllSnapshots(String persistenceId) {
        changing(persistenceId);
        return super.deleteAllSnapshots(persistenceId);
    }

    @Override
    public Future<BoxedUnit> deleteUpToMaxSequenceNr(String persistenceId, long maxSequenceNr) {
        changing(persistenceId);
        return super.deleteUpToMaxSequenceNr(persistenceId, maxSequenceNr);
    }

    @Override
    public Future<BoxedUnit> deleteUpToMaxTimestamp(String persistenceId, long maxTimestamp) {
        changing(persistenceId);
        return super.deleteUpToMaxTimestamp(persistenceId, maxTimestamp);
    }

    @Override
    public Future<BoxedUnit> deleteUpToMaxSequenceNrAndMaxTimestamp(
            String persistenceId, long maxSequenceNr, long maxTimestamp) {
        changing(persistenceId);
        return super.deleteUpToMaxSequenceNrAndMaxTimestamp(persistenceId, maxSequenceNr, maxTimestamp);
    }

    private void changing(String persistenceId) {
        if (index != null) {
            index.snapshotsChanging(persistenceId);
        }
    }
}
