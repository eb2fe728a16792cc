package io.warren.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.db.SlickDatabase;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.persistence.jdbc.journal.dao.JournalDao;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.persistence.jdbc.snapshot.dao.SnapshotDao;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import com.typesafe.config.Config;
import io.warren.control.tunnel.TunnelSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.Tuple2;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** Whatever is done to it, the journal with the index answers as the one without. */
class PrefetchingDaoTest {
    private static final int STEPS = 400;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Long> highest = new HashMap<>();

    @Test
    void answersAsThePlainOneOverRandomHistories() {
        try (JournalNode plainNode = JournalNode.start(directory.resolve("plain"), false);
                JournalNode indexedNode = JournalNode.start(directory.resolve("indexed"), false)) {
            Store plain = Store.plain(plainNode);
            Store indexed = Store.indexed(indexedNode, new JournalIndex());
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(40) == 0) {
                    JournalIndex index = new JournalIndex();
                    indexed = Store.indexed(indexedNode, index);
                    for (int before = random.nextInt(4); before > 0; before--) {
                        step(plain, indexed);
                    }
                    new BulkReader(indexedNode.database).read(index, _ -> {});
                }
                if (random.nextInt(100) == 0) {
                    indexed.release();
                }
                step(plain, indexed);
            }
        }
    }

    private void step(Store plain, Store indexed) {
        String id = "session|1-" + random.nextInt(8);
        long top = highest.getOrDefault(id, 0L);
        switch (random.nextInt(14)) {
            case 0, 1 -> write(plain, indexed, id, top + 1);
            case 2 -> write(plain, indexed, id, Math.max(1, top - random.nextInt(2)));
            case 3 -> {
                long to = random.nextLong(top + 2);
                await(plain.journal.delete(id, to));
                await(indexed.journal.delete(id, to));
            }
            case 4 -> {
                if (top > 0) {
                    saveSnapshot(plain, indexed, id, 1 + random.nextLong(top));
                }
            }
            case 5 -> {
                long to = random.nextLong(top + 1);
                await(plain.snapshots.deleteUpToMaxSequenceNr(id, to));
                await(indexed.snapshots.deleteUpToMaxSequenceNr(id, to));
            }
            default -> compare(plain, indexed, id, top);
        }
    }

    /** A number that is taken fails, and with it all that is written together with it. */
    private void write(Store plain, Store indexed, String id, long from) {
        int count = 1 + random.nextInt(3);
        boolean first = plain.write(id, from, count);
        assertThat(indexed.write(id, from, count)).as(about(id)).isEqualTo(first);
        if (first) {
            highest.merge(id, from + count - 1, Math::max);
        }
    }

    private static void saveSnapshot(Store plain, Store indexed, String id, long number) {
        TunnelSnapshot snapshot = EventSamples.snapshot();
        await(plain.snapshots.save(new SnapshotMetadata(id, number, 1_000 + number), snapshot));
        await(indexed.snapshots.save(new SnapshotMetadata(id, number, 1_000 + number), snapshot));
    }

    private void compare(Store plain, Store indexed, String id, long top) {
        assertThat(await(indexed.journal.highestSequenceNr(id, 0)))
                .as(about(id))
                .isEqualTo(await(plain.journal.highestSequenceNr(id, 0)));
        Option<Tuple2<SnapshotMetadata, Object>> snapshot = await(plain.snapshots.latestSnapshot(id));
        assertThat(await(indexed.snapshots.latestSnapshot(id))).as(about(id)).isEqualTo(snapshot);
        long from = random.nextBoolean() && snapshot.isDefined()
                ? snapshot.get()._1().sequenceNr() + 1
                : 1;
        if (random.nextInt(4) == 0) {
            from = random.nextLong(top + 2);
        }
        long to = random.nextInt(4) == 0 ? random.nextLong(top + 2) : top;
        assertThat(indexed.messages(id, from, to)).as(about(id)).isEqualTo(plain.messages(id, from, to));
    }

    private String about(String id) {
        return id + ", seed " + seed;
    }

    private static <T> T await(Future<T> future) {
        try {
            return FutureConverters.asJava(future).toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** A journal and a snapshot store over one database. */
    private record Store(
            JournalDao journal,
            SnapshotDao snapshots,
            Materializer materializer,
            @Nullable JournalIndex index) {
        static Store plain(JournalNode node) {
            return of(node, null);
        }

        static Store indexed(JournalNode node, JournalIndex index) {
            return of(node, index);
        }

        private static Store of(JournalNode node, @Nullable JournalIndex index) {
            akka.actor.ActorSystem system = node.system.classicSystem();
            Config settings = system.settings().config();
            SlickDatabase slick =
                    ((SlickExtensionImpl) SlickExtension.get(system)).database(settings.getConfig("jdbc-journal"));
            var config = new akka.persistence.jdbc.config.JournalConfig(settings.getConfig("jdbc-journal"));
            var snapshotConfig = new SnapshotConfig(settings.getConfig("jdbc-snapshot-store"));
            Serialization serialization = SerializationExtension.get(system);
            Materializer materializer = Materializer.createMaterializer(system);
            var ec = system.dispatcher();
            var db = slick.database();
            var profile = slick.profile();
            return index == null
                    ? new Store(
                            new DefaultJournalDao(db, profile, config, serialization, ec, materializer),
                            new DefaultSnapshotDao(db, profile, snapshotConfig, serialization, ec, materializer),
                            materializer,
                            null)
                    : new Store(
                            new PrefetchingJournalDao(
                                    db, profile, config, serialization, ec, materializer, index, node.log()),
                            new PrefetchingSnapshotDao(
                                    db, profile, snapshotConfig, serialization, ec, materializer, index),
                            materializer,
                            index);
        }

        void release() {
            if (index != null) {
                index.releasePrefetched();
            }
        }

        boolean write(String id, long from, int count) {
            List<PersistentRepr> messages = new ArrayList<>();
            for (long number = from; number < from + count; number++) {
                messages.add(PersistentRepr.apply(
                                EventSamples.connected((int) number), number, id, "", false, null, "writer-" + from)
                        .withTimestamp(1_000 + number));
            }
            AtomicWrite write =
                    new AtomicWrite(CollectionConverters.asScala(messages).toList());
            try {
                await(journal.asyncWriteMessages(
                        CollectionConverters.asScala(List.of(write)).toList()));
                return true;
            } catch (AssertionError taken) {
                return false;
            }
        }

        List<String> messages(String id, long from, long to) {
            try {
                return journal.messagesWithBatch(id, from, to, 2, Option.empty())
                        .asJava()
                        .map(message -> message.get()._1())
                        .map(message ->
                                message.persistenceId() + " " + message.sequenceNr() + " " + message.writerUuid()
                                        + " " + message.timestamp() + " " + message.manifest() + message.deleted() + " "
                                        + message.payload())
                        .runWith(Sink.seq(), materializer)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }
    }
}
