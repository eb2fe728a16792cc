package io.warren.journal;

import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The plug-in's snapshot store on PostgreSQL, which reads the latest snapshots of many entities in one SELECT. The
 * plug-in makes it by reflection: the constructor's parameters are given.
 */
public final class SharedSnapshotDao extends DefaultSnapshotDao {
    private final PostgresqlDatabase shared;
    private final Serialization serialization;

    public SharedSnapshotDao(
            JdbcBackend.DatabaseDef database,
            JdbcProfile profile,
            SnapshotConfig config,
            Serialization serialization,
            ExecutionContext executionContext,
            Materializer materializer) {
        super(database, profile, config, serialization, executionContext, materializer);
        this.shared = SharedSlick.database(serialization.system());
        this.serialization = serialization;
    }

    @Override
    public Future<Option<Tuple2<SnapshotMetadata, Object>>> latestSnapshot(String persistenceId) {
        return FutureConverters.asScala(shared.snapshots()
                .about(persistenceId)
                .thenApply(found -> found.map(stored -> Option.apply(loaded(persistenceId, stored)))
                        .orElse(Option.empty())));
    }

    private Tuple2<SnapshotMetadata, Object> loaded(String persistenceId, StoredRows.Snapshot stored) {
        return new Tuple2<>(
                new SnapshotMetadata(persistenceId, stored.sequenceNumber(), stored.writtenAt()),
                SharedSlick.decode(stored.snapshot(), serialization));
    }
}
