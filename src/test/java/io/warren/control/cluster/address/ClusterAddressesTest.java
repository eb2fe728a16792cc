package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.PrefixPlan.Kind;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterAddressesTest {
    private static final PoolPlan PLAN = new PoolPlan(
            Map.of("default", List.of(Cidr.parse("10.0.0.0/26"), Cidr.parse("10.2.0.0/30"))),
            16,
            Ipv4.parse("10.0.0.1").bits());

    private final SimulatedCluster cluster = new SimulatedCluster(1, PLAN, 2, Upkeep.Pace.USUAL);

    @BeforeEach
    void allIsWell() {
        cluster.loss = 0;
        cluster.run(Duration.ofSeconds(10));
    }

    @Test
    void whatIsInTheShardsBlocksIsGivenAtOnce() {
        give(0, 1, "alice");
        assertThat(lease(0, 2, "bob").toCompletableFuture()).isDone();
    }

    @Test
    void aUserGetsHisLastAddressBackInAnotherShard() {
        int address = give(0, 1, "alice");
        end(0, 1, address);
        cluster.run(Duration.ofSeconds(1));
        assertThat(give(2, 1, "alice")).as("shard 2 is on the same node").isEqualTo(address);
        assertThat(cluster.owner(2).addresses.announcement(2).addresses()).containsExactly(address);
        assertThat(cluster.owner(0).addresses.announcement(0).blocks()).containsExactly(address & ~15);
        assertThat(give(0, 2, "alice")).as("in use").isNotEqualTo(address);
        end(2, 1, address);
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.loans()).isZero();
        assertThat(cluster.owner(2).addresses.announcement(2).addresses()).isEmpty();
    }

    @Test
    void theNumbersOfPrefixesAreGivenAndRestoredBesideAddresses() {
        PrefixPlan prefixes = new PrefixPlan(
                List.of(new PrefixPlan.Range(Kind.FRAMED, "default", Ipv6Range.parse("2001:db8:0:ff00::/58"), 64)));
        Map<String, List<Cidr>> pools = new HashMap<>(PLAN.pools());
        pools.putAll(prefixes.pools());
        SimulatedCluster both = new SimulatedCluster(1, new PoolPlan(pools, 16, PLAN.gateway()), 2, Upkeep.Pace.USUAL);
        both.loss = 0;
        both.run(Duration.ofSeconds(10));
        Set<Integer> given = new HashSet<>();
        Map<SessionKey, List<Integer>> ofShard = new HashMap<>();
        for (int call = 1; call <= 64; call++) {
            int shard = call % 3;
            SessionKey key = key(shard, call);
            CompletionStage<OptionalInt> lease =
                    both.owner(shard).addresses.leaseAny(Kind.FRAMED.pool("default"), key, "");
            both.run(Duration.ofSeconds(3));
            int index = lease.toCompletableFuture().join().orElseThrow();
            assertThat(given.add(index)).isTrue();
            assertThat(prefixes.prefix(index)).isNotNull();
            if (shard == 0) {
                ofShard.put(key, List.of(index));
            }
        }
        SimulatedCluster.Node old = both.owner(0);
        SimulatedCluster.Node heir = both.owner(1);
        old.addresses.forget(0);
        heir.addresses.takeOver(0, ofShard);
        both.run(Duration.ofSeconds(5));
        CompletionStage<OptionalInt> more = heir.addresses.leaseAny(Kind.FRAMED.pool("default"), key(0, 99), "");
        both.run(Duration.ofSeconds(5));
        assertThat(more.toCompletableFuture().join()).as("all 64 are in use").isEmpty();
    }

    @Test
    void whatAnotherNodeSaysOfAUserCountsToo() {
        int address = give(0, 1, "alice");
        end(0, 1, address);
        LastAddresses here = cluster.owner(1).lastAddresses;
        here.learn(new LastAddresses.UserAddress("alice", address));
        assertThat(give(1, 1, "alice")).isEqualTo(address);
    }

    @Test
    void aCallThatEndsWhileItsAddressIsOnTheWayKeepsNothing() {
        SessionKey key = key(1, 1);
        CompletionStage<OptionalInt> lease = lease(1, 1, "alice");
        assertThat(lease.toCompletableFuture()).isNotDone();
        cluster.owner(1).addresses.over(key);
        cluster.run(Duration.ofSeconds(5));
        assertThat(lease.toCompletableFuture()).isCompletedWithValue(OptionalInt.empty());
        cluster.run(Duration.ofMinutes(1));
        assertThat(cluster.loans()).isZero();
    }

    @Test
    void nothingIsGivenBeforeAllThatIsInUseIsKnown() {
        int address = give(0, 1, "alice");
        cluster.calls.put(key(0, 1), address);
        SimulatedCluster.Node old = cluster.owner(0);
        old.addresses.forget(0);
        SimulatedCluster.Node heir = cluster.owner(1);
        CompletableFuture<?> ready =
                heir.addresses.takeOver(0, Map.of(key(0, 1), List.of(address))).toCompletableFuture();
        CompletionStage<OptionalInt> waiting = heir.addresses.leaseAny("default", key(0, 2), "bob");
        assertThat(ready).isNotDone();
        assertThat(waiting.toCompletableFuture()).isNotDone();
        cluster.run(Duration.ofSeconds(5));
        assertThat(ready).isDone();
        assertThat(waiting.toCompletableFuture().join()).isPresent().isNotEqualTo(OptionalInt.of(address));
    }

    @Test
    void aCallThatMovedBeforeItsShardWaitsForIt() {
        int address = give(0, 1, "alice");
        cluster.calls.put(key(0, 1), address);
        SimulatedCluster.Node heir = cluster.owner(1);
        CompletionStage<OptionalInt> waiting = heir.addresses.leaseAny("default", key(0, 2), "bob");
        CompletionStage<OptionalInt> over = heir.addresses.leaseAny("default", key(0, 3), "carol");
        heir.addresses.tick();
        assertThat(waiting.toCompletableFuture()).isNotDone();
        heir.addresses.over(key(0, 3));
        cluster.owner(0).addresses.forget(0);
        heir.addresses.takeOver(0, Map.of(key(0, 1), List.of(address)));
        cluster.run(Duration.ofSeconds(5));
        assertThat(waiting.toCompletableFuture().join()).isPresent().isNotEqualTo(OptionalInt.of(address));
        assertThat(over.toCompletableFuture()).isCompletedWithValue(OptionalInt.empty());
    }

    @Test
    void anEmptyBlockGoesBackButTheLast() {
        for (int i = 1; i <= 20; i++) {
            give(0, i, "");
        }
        assertThat(cluster.registry().of(0)).hasSizeGreaterThan(1);
        for (int i = 1; i <= 20; i++) {
            cluster.owner(0).addresses.over(key(0, i));
        }
        cluster.run(Duration.ofMinutes(9));
        assertThat(cluster.registry().of(0)).hasSizeGreaterThan(1);
        cluster.run(Duration.ofMinutes(3));
        assertThat(cluster.registry().of(0)).hasSize(1);
    }

    @Test
    void ofARangeSmallerThanABlockSingleAddressesAreAnnounced() {
        CompletionStage<OptionalInt> lease =
                cluster.owner(0).addresses.leaseWithin(List.of(Cidr.parse("10.2.0.0/30")), key(0, 1), "alice");
        cluster.run(Duration.ofSeconds(3));
        int address = lease.toCompletableFuture().join().getAsInt();
        assertThat(cluster.owner(0).addresses.announcement(0)).isEqualTo(new Announcement(List.of(), List.of(address)));
    }

    @Test
    void ourOwnAddressIsNobodys() {
        assertThat(cluster.owner(0)
                        .addresses
                        .lease(key(0, 1), Ipv4.parse("10.0.0.1").bits())
                        .toCompletableFuture())
                .isCompletedWithValue(false);
    }

    private int give(int shard, int session, String user) {
        CompletionStage<OptionalInt> lease = lease(shard, session, user);
        cluster.run(Duration.ofSeconds(1));
        return lease.toCompletableFuture().join().orElseThrow();
    }

    private CompletionStage<OptionalInt> lease(int shard, int session, String user) {
        return cluster.owner(shard).addresses.leaseAny("default", key(shard, session), user);
    }

    private void end(int shard, int session, int address) {
        cluster.owner(shard).addresses.release(key(shard, session), address);
    }

    private static SessionKey key(int shard, int session) {
        return new SessionKey(shard << 8 | 5, session);
    }
}
