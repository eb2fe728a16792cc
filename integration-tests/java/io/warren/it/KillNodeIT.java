package io.warren.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes of a cluster with thousands of calls are killed, one after the other; each comes back before the next goes. */
@Tag("goal")
class KillNodeIT {
    private static final int CALLS = 3_000;
    /** Long enough for everything to have moved. */
    private static final Duration DEAD = Duration.ofSeconds(8);

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
        try (OwnershipWatch owners = OwnershipWatch.start(cluster, "n1", "n2", "n3")) {
            JsonNode found = FailoverWatch.watch(
                    FailoverWatch.Place.of(cluster),
                    List.of(
                            "--calls",
                            "" + CALLS,
                            "--tunnels",
                            "30",
                            "--rate",
                            "10000",
                            "--seconds",
                            "15",
                            "--new-calls",
                            "20",
                            "--new-tunnels",
                            "6"),
                    () -> killAndBringBack(cluster, "the owner of most shards", cluster::ownerOfMostShards),
                    () -> killAndBringBack(cluster, "the oldest", cluster::oldest),
                    () -> killAndBringBack(cluster, "a random one", random));

            FailoverLimits.allCameUp(found, CALLS);
            for (JsonNode round : FailoverLimits.rounds(found)) {
                FailoverLimits.nothingIsLost(round);
                FailoverLimits.gapsAreShort(round);
            }
            owners.noShardHadTwoOwners();
        }
    }

    private static void killAndBringBack(Cluster cluster, String role, Supplier<String> choice) {
        String node = choice.get();
        System.out.println("killing " + node + ", " + role);
        cluster.kill(node);
        Await.pause(DEAD);
        cluster.start(node);
        cluster.awaitSettled(3);
    }
}
