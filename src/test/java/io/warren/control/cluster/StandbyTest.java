package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both sides of standing by, with a wire between them that the test cuts. */
final class StandbyTest {
    private static final int SHARD = 5;
    private static final SessionCounters MOVED = new SessionCounters(1, 2, 3, 4, 5);

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

    private static CallMeters meters(int sessionId, long octets) {
        return new CallMeters(
                key(sessionId), 1, sessionId, Map.of(1L, new SessionCounters(1, octets, 0, 0, 0), 2L, MOVED));
    }

    private void count(int sessionId, long octets) {
        owner.meters.put(key(sessionId), meters(sessionId, octets));
    }

    private List<StandbyFeed.Outgoing> readings() {
        return feed.takesMeters(SHARD, now) ? feed.meters(SHARD, List.copyOf(owner.meters.values()), now) : List.of();
    }

    /** Sends what the standby does not know of the owner's counters; the number of batches. */
    private int tell() {
        List<StandbyFeed.Outgoing> batches = readings();
        batches.forEach(outgoing -> feed.answered(store.accept(outgoing.batch())));
        return batches.size();
    }

    @Test
    void theStandbyIsToldWhatTheCallsHaveMovedAndThenOnlyWhatChanges() {
        for (int id = 1; id <= 1_000; id++) {
            install(id, id);
            count(id, id);
        }
        follow();
        assertThat(readings()).as("entries go first").isEmpty();
        settle();
        assertThat(tell()).isEqualTo(2);
        assertThat(standby.meters).isEqualTo(owner.meters);
        assertThat(tell()).isZero();
        count(7, 77);
        StandbyBatch one = readings().getFirst().batch();
        assertThat(one.meters().length()).as("octets").isLessThan(48);
        assertThat(readings()).as("one answer after the other").isEmpty();
        feed.answered(store.accept(one));
        assertThat(standby.meters).isEqualTo(owner.meters);
    }

    @Test
    void entriesDoNotWaitForCounters() {
        follow();
        settle();
        install(1, 1);
        count(1, 5);
        assertThat(readings()).as("lost").hasSize(1);
        assertThat(settle()).isEqualTo(1);
        assertSame();
        assertThat(readings()).isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(feed.due(now)).as("a snapshot is not due for that").isEmpty();
        assertThat(tell()).isEqualTo(1);
        assertThat(standby.meters).isEqualTo(owner.meters);
    }

    @Test
    void anAnswerThatComesTooLateIsNotTakenForAnother() {
        follow();
        settle();
        count(1, 5);
        StandbyBatch late = readings().getFirst().batch();
        pass(Duration.ofSeconds(3));
        assertThat(readings()).hasSize(1);
        feed.answered(store.accept(late));
        count(1, 6);
        assertThat(readings()).isEmpty();
    }

    @Test
    void aStandbyThatBeginsAgainIsToldAllAgain() {
        install(1, 1);
        count(1, 5);
        follow();
        settle();
        tell();
        store.begin(SHARD, List.of());
        standby.meters.clear();
        count(1, 6);
        assertThat(store.accept(readings().getFirst().batch()))
                .as("no snapshot yet")
                .isNull();
        install(2, 2);
        settle();
        assertThat(tell()).isEqualTo(1);
        assertThat(standby.meters).isEqualTo(owner.meters);
    }

    @Test
    void aCallWhoseEntryGoesIsForgottenAndToldOfAgainWhileItHasCounters() {
        install(1, 1);
        count(1, 5);
        follow();
        settle();
        tell();
        remove(1);
        settle();
        assertThat(standby.meters).isEmpty();
        assertThat(tell()).as("its link is negotiated anew").isEqualTo(1);
        assertThat(standby.meters).isEqualTo(owner.meters);
    }

    /** Its number fits into no stream of entries: a Warren that knows no counters wishes for a snapshot. */
    @Test
    void aStandbyThatKnowsNoCountersIsSpared() {
        follow();
        settle();
        count(1, 5);
        StandbyBatch batch = readings().getFirst().batch();
        feed.answered(new StandbyAnswer("b:1", SHARD, 10, batch.number(), true));
        count(1, 6);
        assertThat(readings()).isEmpty();
        assertThat(feed.due(now)).isEmpty();
    }

    @Test
    void countersThatCannotBeReadAreNotTaken() {
        follow();
        settle();
        StandbyBatch bad = StandbyBatch.of("a:1", SHARD, 10, -1, Bytes.ofHex("00"));
        assertThat(store.accept(bad)).isEqualTo(new StandbyAnswer("b:1", SHARD, 10, -1, true));
        assertThat(store.accept(StandbyBatch.of("c:1", SHARD, 10, -1, Bytes.ofHex(""))))
                .as("not the owner")
                .isNull();
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
