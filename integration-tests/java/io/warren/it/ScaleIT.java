package io.warren.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A third node joins two and leaves them again, under calls and traffic. */
class ScaleIT {
    /** For as many as all nodes, the clients and PostgreSQL can have with two processors between them. */
    private static final int FEW_NEW_CALLS_PER_SECOND = 20;

    private static final int NEW_CALLS_PER_SECOND = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration STEADY = Duration.ofSeconds(5);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndHardlyAPacketAndOrderIsKeptWhereItIsRelayed() {
        scale(FEW_NEW_CALLS_PER_SECOND);
    }

    @Test
    @Tag("goal")
    void norAtFullRate() {
        scale(NEW_CALLS_PER_SECOND);
    }

    private static void scale(int newCallsPerSecond) {
        Cluster cluster = LAB.cluster();
        leave(cluster);
        List<JsonNode> rounds = FailoverWatch.noCallIsLost(
                cluster,
                FailoverWatch.Load.of(500, 20, 2_000, 10).inTrainsOf(8).withNewCalls(newCallsPerSecond, 20),
                () -> cluster.bringBack("n3", 3),
                () -> leave(cluster),
                // The calls are elsewhere now than where the balancer sends many of their packets.
                () -> Await.pause(STEADY));

        for (JsonNode round : rounds) {
            FailoverLimits.hardlyAPacketIsLost(round);
            FailoverLimits.newCallsComeUp(round, newCallsPerSecond);
        }
        FailoverLimits.orderIsKept(rounds.getLast());
    }

    private static void leave(Cluster cluster) {
        cluster.drain("n3");
        cluster.await(
                "n3 has no shards", PATIENCE, status -> Cluster.shards(status).getOrDefault("n3", 0) == 0);
        cluster.stop("n3");
        cluster.awaitSettled(2);
    }
}
