package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberCalls.Found;
import io.warren.control.port.SubscriberCalls.Wanted;
import io.warren.control.port.TrafficLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Nodes that talk to each other over TCP, as they do in a cluster; who has which shard is said by the test. */
final class CallsElsewhereTest {
    private static final Config CONFIG = ConfigFactory.parseString("""
            akka {
              loglevel = ERROR
              actor.provider = cluster
              remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
              coordinated-shutdown { run-by-jvm-shutdown-hook = off, exit-jvm = off }
              cluster.jmx.enabled = off
            }
            """)
            .withFallback(ConfigFactory.parseResources("cluster.conf"))
            .withFallback(ConfigFactory.load());
    private static final Found ALICE =
            new Found(new SessionKey(0x0101, 1), "id", "alice", 0x0a000001, "0301234", true, TrafficLimits.NONE);
    private static final Found BOB =
            new Found(new SessionKey(0x0202, 2), "id", "bob", 0x0a000002, null, false, TrafficLimits.NONE);

    private static final ActorSystem<Void> ONE = node(ALICE);
    private static final ActorSystem<Void> TWO = node(BOB);
    /** Answers nobody. */
    private static final ActorSystem<Void> THREE = ActorSystem.create(Behaviors.empty(), "warren", CONFIG);

    @AfterAll
    static void stop() throws Exception {
        List<ActorSystem<Void>> systems = List.of(ONE, TWO, THREE);
        systems.forEach(ActorSystem::terminate);
        for (ActorSystem<Void> system : systems) {
            system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static ActorSystem<Void> node(Found... calls) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "warren", CONFIG);
        CallsElsewhere.answer(
                system,
                wanted -> List.of(calls).stream()
                        .filter(call -> wanted.fits(call.user(), call.address()))
                        .toList());
        return system;
    }

    private static String name(ActorSystem<?> system) {
        return MemberState.name(Cluster.get(system).selfMember().address());
    }

    /** The shards go round these nodes. */
    private static ClusterPicture shared(int shards, boolean kept, String... nodes) {
        Map<Integer, ClusterPicture.Shard> holders = new HashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            holders.put(shard, new ClusterPicture.Shard(nodes[shard % nodes.length], kept, null));
        }
        return new ClusterPicture(List.of(), holders);
    }

    private static List<Found> find(
            ActorSystem<?> from, ClusterPicture picture, @Nullable String user, @Nullable Integer address)
            throws Exception {
        return new CallsElsewhere(from, name(from), () -> picture, Duration.ofSeconds(5))
                .find(new Wanted(user, address))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void aCallOnAnotherNodeIsFoundByItsUserOrItsAddress() throws Exception {
        ClusterPicture picture = shared(Placement.SHARDS, true, name(ONE), name(TWO), name(ONE));
        for (ActorSystem<Void> from : List.of(TWO, THREE)) {
            assertThat(find(from, picture, "alice", null)).containsExactly(ALICE);
            assertThat(find(from, picture, null, 0x0a000001)).containsExactly(ALICE);
            assertThat(find(from, picture, "alice", 0x0a000002)).isEmpty();
        }
        assertThat(find(ONE, picture, "bob", 0x0a000002)).containsExactly(BOB);
        assertThat(find(ONE, picture, "alice", null)).as("its own").isEmpty();
        assertThat(find(THREE, picture, "nobody", null)).isEmpty();
    }

    @Test
    void nothingIsSaidWhileANodeThatMayHaveTheCallIsSilent() {
        ClusterPicture picture = shared(Placement.SHARDS, true, name(ONE), name(THREE));
        CallsElsewhere calls = new CallsElsewhere(TWO, name(TWO), () -> picture, Duration.ofMillis(500));
        assertThatThrownBy(() -> calls.find(new Wanted("alice", null))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void nothingIsSaidWhileNobodyKnowsTheCallsOfAShard() {
        for (ClusterPicture picture :
                List.of(shared(Placement.SHARDS - 1, true, name(ONE)), shared(Placement.SHARDS, false, name(ONE)))) {
            assertThatThrownBy(() -> find(TWO, picture, "alice", null))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }
}
