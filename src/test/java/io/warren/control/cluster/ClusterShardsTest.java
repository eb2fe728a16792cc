package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes in one process: real shard regions, boards and keepers; no packets and no entities that persist. */
final class ClusterShardsTest {
    private static final int TUNNELS = 30;
    private static final int CALLS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SharedJournal journal = new SharedJournal();
    private final List<TestNode> nodes = new ArrayList<>();

    @BeforeEach
    void threeNodes() {
        for (int number = 0; number < TUNNELS; number++) {
            journal.tunnel(number * 1_999 + 300, CALLS);
        }
        for (int number = 1; number <= 3; number++) {
            nodes.add(new TestNode(number, journal, nodes.isEmpty() ? null : nodes.getFirst()));
        }
        eventually("all shards have owners", this::settled);
    }

    @AfterEach
    void stop() throws Exception {
        for (TestNode node : nodes) {
            node.kill();
        }
        for (TestNode node : nodes) {
            node.system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @FunctionalInterface
    private interface Check {
        void holds();
    }

    private static void eventually(String what, Check check) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                check.holds();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > giveUp) {
                    throw new AssertionError(what + ": " + e.getMessage(), e);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(what, e);
            }
        }
    }

    /** Each shard is where it should be, everybody knows it, and its calls are forwarded there and run there. */
    private void settled() {
        List<String> names = nodes.stream().map(node -> node.name).toList();
        for (TestNode node : nodes) {
            for (int shard = 0; shard < Placement.SHARDS; shard++) {
                ShardHolders.Holder holder = node.view.picture().holders().of(shard);
                List<String> order = Rendezvous.order(shard, names);
                assertThat(holder.owner()).as("owner of %d", shard).isEqualTo(order.getFirst());
                assertThat(holder.standby())
                        .as("standby of %d", shard)
                        .isEqualTo(order.size() > 1 ? order.get(1) : null);
                assertThat(holder.kept()).isTrue();
            }
        }
        assertThat(nodes.stream().mapToInt(node -> node.view.ready().count()).sum())
                .isEqualTo(Placement.SHARDS);
        assertThat(nodes.stream().mapToLong(TestNode::awake).sum()).isEqualTo(TUNNELS * CALLS);
        entriesAreWithOwnerAndStandby();
    }

    private void entriesAreWithOwnerAndStandby() {
        Map<String, TestNode> byName = new HashMap<>();
        nodes.forEach(node -> byName.put(node.name, node));
        int calls = 0;
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            ShardHolders.Holder holder =
                    nodes.getFirst().view.picture().holders().of(shard);
            for (TestNode node : nodes) {
                boolean owner = node.name.equals(holder.owner());
                if (owner) {
                    calls += node.plane.installed(shard).size();
                    if (holder.standby() != null) {
                        assertThat(byName.get(holder.standby()).plane.standbyEntries(shard))
                                .as("standby entries of %d", shard)
                                .containsExactlyInAnyOrderElementsOf(node.plane.installed(shard));
                    }
                } else {
                    assertThat(node.plane.installed(shard)).isEmpty();
                }
            }
        }
        assertThat(calls).isEqualTo(TUNNELS * CALLS);
    }

    @Test
    void shardsOfANodeThatDiesGoToThoseWhoStoodByForThem() {
        TestNode dead = nodes.remove(1);
        dead.kill();
        eventually("the others have all", this::settled);
    }

    @Test
    void theOldestNodeWhichPlacesTheShardsMayDieToo() {
        TestNode dead = nodes.removeFirst();
        dead.kill();
        eventually("the others have all", this::settled);
    }

    @Test
    void aNodeThatDrainsKeepsForwardingUntilTheOthersHaveItsShards() throws Exception {
        TestNode leaving = nodes.getFirst();
        leaving.shards.drain(true);
        leaving.shards.handedOver(PATIENCE).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(leaving.view.ready().count()).isZero();
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            assertThat(leaving.plane.installed(shard)).isEmpty();
            assertThat(leaving.view.picture().holders().of(shard).owner())
                    .isNotNull()
                    .isNotEqualTo(leaving.name);
        }
        eventually(
                "the calls run on the others", () -> assertThat(leaving.awake()).isZero());
        leaving.shards.drain(false);
        eventually("it has its share again", this::settled);
    }

    private TestNode node(@Nullable String name) {
        return nodes.stream()
                .filter(node -> node.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node " + name));
    }

    private TestNode ownerOf(SessionKey key) {
        return node(nodes.getFirst()
                .view
                .picture()
                .holders()
                .of(Placement.shardOf(key.tunnelId()))
                .owner());
    }

    private TestNode standbyOf(SessionKey key) {
        return node(nodes.getFirst()
                .view
                .picture()
                .holders()
                .of(Placement.shardOf(key.tunnelId()))
                .standby());
    }

    /** Each node counts by a meter that has its number. */
    private void count(TestNode node, SessionKey key, long octets) {
        node.plane.own = 1 + nodes.indexOf(node);
        SessionCounters moved = new SessionCounters(1, octets, 0, 0, 0);
        node.plane.learnMeters(List.of(new CallMeters(key, 1, 1, Map.of(node.plane.own, moved))), true);
    }

    private static void assertKnows(TestNode node, SessionKey key, long meter, long octets) {
        assertThat(node.plane.meters.get(key)).isNotNull();
        assertThat(node.plane.meters.get(key).meters()).containsEntry(meter, new SessionCounters(1, octets, 0, 0, 0));
    }

    private List<SessionKey> calls() {
        return nodes.stream()
                .flatMap(node -> IntStream.range(0, Placement.SHARDS)
                        .mapToObj(node.plane::installed)
                        .flatMap(Collection::stream))
                .map(ForwardingEntry::key)
                .toList();
    }

    @Test
    void ownersAndStandbysTellEachOtherWhatTheyHaveCounted() {
        List<SessionKey> calls = calls();
        for (SessionKey key : calls) {
            count(ownerOf(key), key, 100);
        }
        SessionKey one = calls.getFirst();
        count(standbyOf(one), one, 7);
        TestNode owner = ownerOf(one);
        TestNode standby = standbyOf(one);
        eventually(
                "standbys know it all",
                () -> calls.forEach(key -> assertKnows(standbyOf(key), key, ownerOf(key).plane.own, 100)));
        eventually("the owner knows what its standby did for it", () -> assertKnows(owner, one, standby.plane.own, 7));
        count(owner, one, 101);
        long begun = System.nanoTime();
        eventually("the standby knows that, too", () -> assertKnows(standby, one, owner.plane.own, 101));
        assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void aNodeThatLeavesTellsWhatItCountedAfterItsCallsHadGone() throws Exception {
        List<SessionKey> calls = calls();
        for (SessionKey key : calls) {
            count(ownerOf(key), key, 1);
        }
        TestNode leaving = nodes.getFirst();
        AtomicLong rises = new AtomicLong(1);
        leaving.plane.placed = () -> {
            long octets = rises.incrementAndGet();
            for (SessionKey key : List.copyOf(leaving.plane.meters.keySet())) {
                count(leaving, key, octets);
            }
        };
        leaving.shards.drain(true);
        leaving.shards.handedOver(PATIENCE).toCompletableFuture().get(60, TimeUnit.SECONDS);
        leaving.plane.placed = () -> {};
        assertThat(leaving.plane.forgotten).isNotEmpty();
        eventually(
                "its last word was heard",
                () -> leaving.plane.forgotten.forEach((key, last) -> assertThat(
                                ownerOf(key).plane.meters.get(key).meters())
                        .containsEntry(leaving.plane.own, last.meters().get(leaving.plane.own))));
    }

    @Test
    void manyShardsAreReadTogetherAndUsersAreKnownEverywhere() {
        assertThat(journal.reads.get()).isLessThan(Placement.SHARDS);
        nodes.getFirst().view.lastAddresses().note("alice", 7);
        eventually(
                "the others know her",
                () -> assertThat(nodes)
                        .allSatisfy(node -> assertThat(node.view.lastAddresses().of("alice"))
                                .hasValue(7)));
    }
}
