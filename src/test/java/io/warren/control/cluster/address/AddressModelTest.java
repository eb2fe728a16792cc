package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls come and go, nodes die, shards move, messages get lost: no address has two owners, and none is lost for ever. */
class AddressModelTest {
    private static final Cidr POOL = Cidr.parse("10.0.0.0/26");
    private static final Cidr MORE = Cidr.parse("10.1.0.0/30");
    /** Of one of the few shards that there are. */
    private static final Cidr OUTSIDE = IntStream.range(0, 256)
            .mapToObj(i -> Cidr.parse("192.0." + i + ".0/29"))
            .filter(range -> PoolPlan.home(range.base()) < SimulatedCluster.SHARDS)
            .findFirst()
            .orElseThrow();

    private static final PoolPlan PLAN = new PoolPlan(
            Map.of("default", List.of(POOL), "more", List.of(MORE)),
            8,
            Ipv4.parse("10.0.0.1").bits());
    /** So that moves and upkeep meet often. */
    private static final Upkeep.Pace HASTE = new Upkeep.Pace(
            Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(20));

    private static final int HOSTS = 64 - 3;

    static LongStream seeds() {
        Long seed = Long.getLong("seed");
        return seed != null ? LongStream.of(seed) : new Random().longs(40);
    }

    private static final class Call {
        final SessionKey key;
        final String user;
        boolean over;
        int address;

        Call(SessionKey key, String user) {
            this.key = key;
            this.user = user;
        }
    }

    private SimulatedCluster cluster = new SimulatedCluster(0, PLAN, 3, HASTE);
    private final Map<SessionKey, Call> calls = new HashMap<>();

    @ParameterizedTest
    @MethodSource("seeds")
    void noAddressHasTwoOwnersAndNoneIsLost(long seed) {
        try {
            cluster = new SimulatedCluster(seed, PLAN, 3, HASTE);
            cluster.run(Duration.ofSeconds(5));
            for (int step = 0; step < 1_500; step++) {
                step();
                cluster.check();
            }
            settle();
            everyAddressCanBeGivenAgain();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("-Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void step() {
        Random random = cluster.random;
        int dice = random.nextInt(1_000);
        if (dice < 15) {
            kill(cluster.nodes().get(random.nextInt(cluster.nodes().size())));
        } else if (dice < 60) {
            move(random.nextInt(SimulatedCluster.SHARDS));
        } else if (dice < 500) {
            dial(random.nextInt(SimulatedCluster.SHARDS), random.nextInt(12));
        } else if (dice < 950 && !calls.isEmpty()) {
            List<Call> all = new ArrayList<>(calls.values());
            end(all.get(random.nextInt(all.size())));
        }
        cluster.run(Duration.ofMillis(random.nextInt(400)));
    }

    private void dial(int shard, int session) {
        SessionKey key = new SessionKey(shard << 8 | 7, session + 1);
        SimulatedCluster.Node node = cluster.owner(shard);
        if (node == null || calls.containsKey(key)) {
            return;
        }
        Random random = cluster.random;
        Call call = new Call(key, "user" + random.nextInt(30));
        calls.put(key, call);
        CompletionStage<OptionalInt> lease = switch (random.nextInt(5)) {
            case 0 -> node.addresses.leaseWithin(List.of(OUTSIDE), key, call.user);
            case 1 -> node.addresses.leaseWithin(List.of(Cidr.parse("10.0.0.8/29"), OUTSIDE), key, call.user);
            case 2 -> node.addresses.leaseAny("more", key, call.user);
            default -> node.addresses.leaseAny("default", key, call.user);
        };
        lease.thenAccept(address -> granted(node, call, address));
    }

    private void granted(SimulatedCluster.Node node, Call call, OptionalInt address) {
        if (!isAt(node, call)) {
            return;
        }
        if (address.isEmpty()) {
            end(call);
            return;
        }
        has(call, address.getAsInt());
        cluster.in(cluster.random.nextLong(2_000_000_000L), () -> up(node, call));
        if (cluster.random.nextInt(4) == 0) {
            wish(node, call);
        }
    }

    /** The peer would like another address. */
    private void wish(SimulatedCluster.Node node, Call call) {
        int wished = (cluster.random.nextBoolean() ? POOL : OUTSIDE).base() + cluster.random.nextInt(8);
        node.addresses.lease(call.key, wished).thenAccept(granted -> {
            if (!granted || !isAt(node, call) || wished == call.address) {
                return;
            }
            if (cluster.calls.containsKey(call.key)) {
                node.addresses.release(call.key, wished);
                return;
            }
            int before = call.address;
            has(call, wished);
            node.addresses.release(call.key, before);
        });
    }

    private void has(Call call, int address) {
        for (Call other : calls.values()) {
            assertThat(other != call && other.address == address)
                    .as("%s and %s have %s", call.key, other.key, Ipv4.dotted(address))
                    .isFalse();
        }
        call.address = address;
    }

    /** The address is in the journal. */
    private void up(SimulatedCluster.Node node, Call call) {
        if (isAt(node, call)) {
            cluster.calls.put(call.key, call.address);
        }
    }

    private boolean isAt(SimulatedCluster.Node node, Call call) {
        return !call.over && !node.dead && cluster.owner(call.key.tunnelId() >> 8) == node;
    }

    private void end(Call call) {
        call.over = true;
        calls.remove(call.key);
        cluster.calls.remove(call.key);
        SimulatedCluster.Node node = cluster.owner(call.key.tunnelId() >> 8);
        if (node != null) {
            node.addresses.release(call.key, call.address);
            node.addresses.over(call.key);
        }
    }

    private void kill(SimulatedCluster.Node node) {
        for (int shard = 0; shard < SimulatedCluster.SHARDS; shard++) {
            if (cluster.owner(shard) == node) {
                withoutJournal(shard);
            }
        }
        cluster.kill(node);
    }

    private void move(int shard) {
        SimulatedCluster.Node to =
                cluster.nodes().get(cluster.random.nextInt(cluster.nodes().size()));
        SimulatedCluster.Node from = cluster.owner(shard);
        if (from != null && from != to) {
            withoutJournal(shard);
            cluster.move(shard, to);
        }
    }

    /** Calls that were being set up are not known to the next owner. */
    private void withoutJournal(int shard) {
        calls.values().removeIf(call -> {
            boolean lost = call.key.tunnelId() >> 8 == shard && !cluster.calls.containsKey(call.key);
            call.over |= lost;
            return lost;
        });
    }

    /** All calls end and the network is well: nothing may be left of them. */
    private void settle() {
        cluster.loss = 0;
        cluster.run(Duration.ofSeconds(10));
        List.copyOf(calls.values()).forEach(this::end);
        cluster.run(Duration.ofMinutes(10));
        assertThat(cluster.loans()).as("loans left").isZero();
        for (int shard = 0; shard < SimulatedCluster.SHARDS; shard++) {
            assertThat(cluster.registry().of(shard))
                    .as("blocks of shard %d", shard)
                    .hasSizeLessThanOrEqualTo(2);
        }
    }

    private void everyAddressCanBeGivenAgain() {
        for (int i = 0; i < HOSTS; i++) {
            SessionKey key = new SessionKey((i % SimulatedCluster.SHARDS) << 8 | 9, i + 1);
            Call call = new Call(key, "new" + i);
            calls.put(key, call);
            CompletionStage<OptionalInt> lease =
                    cluster.owner(key.tunnelId() >> 8).addresses.leaseAny("default", key, call.user);
            cluster.run(Duration.ofSeconds(30));
            assertThat(lease.toCompletableFuture())
                    .as("address number %d", i)
                    .isCompletedWithValueMatching(OptionalInt::isPresent, "is there");
            has(call, lease.toCompletableFuture().join().getAsInt());
        }
    }
}
