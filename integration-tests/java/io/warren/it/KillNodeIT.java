package io.warren.it;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes of a cluster with thousands of calls are killed, one after the other; each comes back before the next goes. */
@Tag("goal")
class KillNodeIT {
    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndGapsAreShortWhicheverNodeIsKilled() {
        Cluster cluster = LAB.cluster();
        long seed = System.nanoTime();
        System.out.println("the random node is of seed " + seed);
        Supplier<String> random = () -> {
            List<String> running = cluster.running();
            return running.get(new Random(seed).nextInt(running.size()));
        };
        FailoverWatch.noCallIsLost(
                        cluster,
                        FailoverWatch.Load.of(3_000, 30, 5_000, 15).withNewCalls(20, 6),
                        () -> killAndBringBack(cluster, "the owner of most shards", cluster::ownerOfMostShards),
                        () -> killAndBringBack(cluster, "the oldest", cluster::oldest),
                        () -> killAndBringBack(cluster, "a random one", random))
                .forEach(FailoverLimits::gapsAreShort);
    }

    private static void killAndBringBack(Cluster cluster, String role, Supplier<String> choice) {
        String node = choice.get();
        System.out.println("killing " + node + ", " + role);
        cluster.killForAWhile(node);
    }
}
