package io.warren.it;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All nodes of a cluster are stopped and started, one after the other, as for an upgrade. */
@Tag("goal")
class RollingRestartIT {
    private static final int NEW_CALLS_PER_SECOND = 500;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndHardlyAPacket() {
        Cluster cluster = LAB.cluster();
        FailoverWatch.noCallIsLost(
                        cluster,
                        FailoverWatch.Load.of(1_000, 20, 5_000, 15).withNewCalls(NEW_CALLS_PER_SECOND, 20),
                        () -> cluster.running().forEach(node -> restart(cluster, node)))
                .forEach(round -> {
                    FailoverLimits.hardlyAPacketIsLost(round);
                    FailoverLimits.newCallsComeUp(round, NEW_CALLS_PER_SECOND);
                });
    }

    private static void restart(Cluster cluster, String node) {
        cluster.stop(node);
        cluster.start(node);
        cluster.awaitSettled(3);
    }
}
