package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A third node joins two and leaves them again, under calls and traffic. */
@Tag("goal")
class ScaleIT {
    private static final int CALLS = 1_000;
    private static final int NEW_CALLS_PER_SECOND = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STEADY = Duration.ofSeconds(5);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndHardlyAPacketAndOrderIsKeptWhereItIsRelayed() {
        Cluster cluster = LAB.cluster();
        leave(cluster);
        try (OwnershipWatch owners = OwnershipWatch.start(cluster, "n1", "n2", "n3")) {
            JsonNode found = FailoverWatch.watch(
                    FailoverWatch.Place.of(cluster),
                    List.of(
                            "--calls",
                            "" + CALLS,
                            "--tunnels",
                            "20",
                            "--rate",
                            "5000",
                            "--train",
                            "8",
                            "--seconds",
                            "10",
                            "--new-calls",
                            "" + NEW_CALLS_PER_SECOND,
                            "--new-tunnels",
                            "20"),
                    () -> {
                        cluster.start("n3");
                        cluster.awaitSettled(3);
                    },
                    () -> leave(cluster),
                    // The calls are elsewhere now than where the balancer sends many of their packets.
                    () -> Await.pause(STEADY));

            FailoverLimits.allCameUp(found, CALLS);
            List<JsonNode> rounds = FailoverLimits.rounds(found);
            assertThat(rounds).hasSize(3).allSatisfy(round -> {
                FailoverLimits.nothingIsLost(round);
                FailoverLimits.hardlyAPacketIsLost(round);
                FailoverLimits.newCallsComeUp(round, NEW_CALLS_PER_SECOND);
            });
            for (String direction : List.of("up", "down")) {
                assertThat(rounds.getLast().path(direction).path("reordered").asInt(-1))
                        .as("packets out of order %s in %s", direction, rounds.getLast())
                        .isZero();
            }
            owners.noShardHadTwoOwners();
        }
    }

    private static void leave(Cluster cluster) {
        cluster.drain("n3");
        Await.until("n3 has no shards", PATIENCE, () -> cluster.shards().getOrDefault("n3", 0) == 0);
        cluster.stop("n3");
        cluster.awaitSettled(2);
    }
}
