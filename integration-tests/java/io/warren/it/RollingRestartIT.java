package io.warren.it;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All nodes of a cluster are stopped and started, one after the other, as for an upgrade. */
class RollingRestartIT {
    /** For as many as all nodes, the clients and PostgreSQL can have with two processors between them. */
    private static final int FEW_NEW_CALLS_PER_SECOND = 20;

    private static final int NEW_CALLS_PER_SECOND = 500;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void noCallIsLostAndHardlyAPacket() {
        restartAll(FEW_NEW_CALLS_PER_SECOND);
    }

    @Test
    @Tag("goal")
    void norAtFullRate() {
        restartAll(NEW_CALLS_PER_SECOND);
    }

    private static void restartAll(int newCallsPerSecond) {
        Cluster cluster = LAB.cluster();
        FailoverWatch.noCallIsLost(
                        cluster,
                        FailoverWatch.Load.of(500, 20, 2_000, 15).withNewCalls(newCallsPerSecond, 20),
                        () -> cluster.running().forEach(node -> restart(cluster, node)))
                .forEach(round -> {
                    FailoverLimits.hardlyAPacketIsLost(round);
                    FailoverLimits.newCallsComeUp(round, newCallsPerSecond);
                });
    }

    private static void restart(Cluster cluster, String node) {
        cluster.stop(node);
        cluster.bringBack(node, 3);
    }
}
