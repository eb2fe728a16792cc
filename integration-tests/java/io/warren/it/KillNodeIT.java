package io.warren.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes of a cluster with thousands of calls are killed, one after the other; each comes back before the next goes. */
class KillNodeIT {
    /** 3,000 calls, and others that come and go. */
    private static final FailoverWatch.Load LOAD =
            FailoverWatch.Load.of(3_000, 30, 5_000, 10).withNewCalls(20, 6);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndDataGoesOnWhicheverNodeIsKilled() {
        Cluster cluster = LAB.cluster();
        long seed = System.nanoTime();
        System.out.println("the random node is of seed " + seed);
        Supplier<String> random = () -> {
            List<String> running = cluster.running();
            return running.get(new Random(seed).nextInt(running.size()));
        };
        AtomicReference<String> dead = new AtomicReference<>("");
        Runnable bringBack = () -> cluster.bringBack(dead.get(), 3);
        List<JsonNode> rounds = FailoverWatch.noCallIsLost(
                cluster,
                LOAD,
                () -> dead.set(kill(cluster, "the owner of most shards", cluster::ownerOfMostShards)),
                bringBack,
                () -> dead.set(kill(cluster, "the oldest", cluster::oldest)),
                bringBack,
                () -> dead.set(kill(cluster, "a random one", random)),
                bringBack);
        rounds.forEach(FailoverLimits::dataGapsAreShort);
    }

    @Test
    @Tag("goal")
    void controlIsBackInFiveSeconds() {
        Cluster cluster = LAB.cluster();
        FailoverWatch.noCallIsLost(
                        cluster, LOAD, () -> kill(cluster, "the owner of most shards", cluster::ownerOfMostShards))
                .forEach(FailoverLimits::controlGapsAreShort);
    }

    private static String kill(Cluster cluster, String role, Supplier<String> choice) {
        String node = choice.get();
        System.out.println("killing " + node + ", " + role);
        cluster.killUntilAllHasMoved(node);
        return node;
    }
}
