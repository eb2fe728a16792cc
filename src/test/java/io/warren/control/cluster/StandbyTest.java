package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both sides of standing by, with a wire between them that the test cuts. */
final class StandbyTest {
    private static final int SHARD = 5;

    private final FakePlane owner = new FakePlane();
    private final FakePlane standby = new FakePlane();
    private final StandbyFeed feed = new StandbyFeed("a:1", owner::installed);
    private final StandbyStore store = new StandbyStore("b:1", standby);
    private long now;

    private static SessionKey key(int sessionId) {
        return new SessionKey(SHARD * 256 + 1, sessionId);
    }

    private void install(int sessionId, int address) {
        ForwardingEntry entry = FakePlane.entry(key(sessionId), address);
        owner.install(entry);
        feed.installed(entry);
    }

    private void remove(int sessionId) {
        owner.remove(key(sessionId));
        feed.removed(key(sessionId));
    }

    /** Lets all pass until nothing is due any more; the number of batches. */
    private int settle() {
        int batches = 0;
        for (List<StandbyFeed.Outgoing> due = feed.due(now); !due.isEmpty(); due = feed.due(now)) {
            for (StandbyFeed.Outgoing outgoing : due) {
                batches++;
                StandbyAnswer answer = store.accept(outgoing.batch());
                if (answer != null) {
                    feed.answered(answer);
                }
            }
        }
        return batches;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void assertSame() {
        assertThat(standby.standbyEntries(SHARD)).containsExactlyInAnyOrderElementsOf(owner.installed(SHARD));
        assertThat(store.entries()).isEqualTo(owner.installed(SHARD).size());
    }

    private void follow() {
        store.begin(SHARD, List.of());
        feed.follow(SHARD, 10, "b:1");
    }

    @Test
    void aNewStandbyGetsASnapshotAndThenWhatChanges() {
        for (int id = 1; id <= 1_000; id++) {
            install(id, id);
        }
        follow();
        assertThat(settle()).isEqualTo(4);
        assertSame();
        assertThat(store.wholeShards()).isEqualTo(1);
        install(2_000, 1);
        install(3, 99);
        remove(4);
        assertThat(settle()).isEqualTo(1);
        assertSame();
        assertThat(feed.hasWork()).isFalse();
    }

    @Test
    void aLostBatchIsMadeGoodByASnapshot() {
        follow();
        settle();
        install(1, 1);
        feed.due(now); // lost
        install(2, 2);
        assertThat(settle()).isZero();
        pass(Duration.ofSeconds(1));
        settle();
        assertSame();
    }

    @Test
    void aGapIsAnsweredWithTheWishForASnapshot() {
        follow();
        settle();
        StandbyBatch late = new StandbyBatch("a:1", SHARD, 10, 77, false, false, List.of(), List.of());
        StandbyAnswer answer = store.accept(late);
        assertThat(answer).isEqualTo(new StandbyAnswer("b:1", SHARD, 10, 77, true));
    }

    @Test
    void whatASnapshotDoesNotNameIsOver() {
        store.begin(SHARD, List.of(key(8), key(9)));
        standby.standBy(List.of(FakePlane.entry(key(8), 8), FakePlane.entry(key(9), 9)));
        install(9, 10);
        feed.follow(SHARD, 10, "b:1");
        settle();
        assertSame();
    }

    @Test
    void whoDoesNotStandByYetDoesNotAnswerAndIsTriedAgain() {
        install(1, 1);
        feed.follow(SHARD, 10, "b:1");
        assertThat(settle()).isEqualTo(1);
        store.begin(SHARD, List.of());
        assertThat(settle()).isZero();
        pass(Duration.ofSeconds(1));
        settle();
        assertSame();
    }

    @Test
    void aSlowStandbyIsKeptWithinBoundsAndGetsASnapshotLater() {
        follow();
        settle();
        install(1, 1);
        List<StandbyFeed.Outgoing> slow = feed.due(now);
        for (int id = 1; id <= StandbyFeed.MOST_WAITING * 3; id++) {
            install(id, id);
        }
        assertThat(feed.due(now)).isEmpty();
        StandbyAnswer answer = store.accept(slow.getFirst().batch());
        assertThat(answer).isNotNull();
        feed.answered(answer);
        List<StandbyFeed.Outgoing> next = feed.due(now);
        assertThat(next.getFirst().batch().begins()).isTrue();
        feed.answered(store.accept(next.getFirst().batch()));
        settle();
        assertSame();
    }

    @Test
    void changesToOneCallAreSentOnce() {
        follow();
        settle();
        for (int i = 0; i < 100; i++) {
            install(1, i);
        }
        StandbyBatch batch = feed.due(now).getFirst().batch();
        assertThat(batch.installed()).hasSize(1);
    }

    @Test
    void anOldOwnersBatchIsNotTaken() {
        follow();
        settle();
        StandbyBatch old = new StandbyBatch("c:1", SHARD, 9, 1, true, true, List.of(), List.of());
        assertThat(store.accept(old)).isNull();
        StandbyBatch newer = new StandbyBatch("c:1", SHARD, 11, 1, true, true, List.of(), List.of());
        assertThat(store.accept(newer)).isNotNull();
    }

    @Test
    void lossAnywhereEndsInTheSameEntries() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        follow();
        for (int round = 0; round < 2_000; round++) {
            int id = random.nextInt(1, 400);
            if (random.nextInt(3) == 0) {
                remove(id);
            } else {
                install(id, round);
            }
            for (StandbyFeed.Outgoing outgoing : feed.due(now)) {
                StandbyAnswer answer = random.nextInt(10) == 0 ? null : store.accept(outgoing.batch());
                if (answer != null && random.nextInt(10) != 0) {
                    feed.answered(answer);
                }
            }
            pass(Duration.ofMillis(random.nextInt(100)));
        }
        pass(Duration.ofSeconds(1));
        settle();
        assertThat(standby.standbyEntries(SHARD))
                .as("seed %d", seed)
                .containsExactlyInAnyOrderElementsOf(owner.installed(SHARD));
    }
}
