package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All nodes of a cluster are stopped and started, one after the other, as for an upgrade. */
@Tag("goal")
class RollingRestartIT {
    private static final int CALLS = 1_000;
    private static final int NEW_CALLS_PER_SECOND = 500;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndHardlyAPacket() {
        Cluster cluster = LAB.cluster();
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
                            "--seconds",
                            "15",
                            "--new-calls",
                            "" + NEW_CALLS_PER_SECOND,
                            "--new-tunnels",
                            "20"),
                    () -> cluster.running().forEach(node -> restart(cluster, node)));

            FailoverLimits.allCameUp(found, CALLS);
            assertThat(FailoverLimits.rounds(found)).hasSize(1).allSatisfy(round -> {
                FailoverLimits.nothingIsLost(round);
                FailoverLimits.hardlyAPacketIsLost(round);
                FailoverLimits.newCallsComeUp(round, NEW_CALLS_PER_SECOND);
            });
            owners.noShardHadTwoOwners();
        }
    }

    private static void restart(Cluster cluster, String node) {
        cluster.stop(node);
        cluster.start(node);
        cluster.awaitSettled(3);
    }
}
