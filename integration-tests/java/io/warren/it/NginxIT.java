package io.warren.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A balancer that answers must pass, too: each leaves from the node that took its peer's packet. */
class NginxIT {
    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nginx");

    @Test
    void callsOutliveTheirNodeBehindNginx() {
        Cluster cluster = LAB.cluster();
        FailoverWatch.noCallIsLost(
                        cluster,
                        FailoverWatch.Load.of(1_000, 20, 5_000, 15),
                        () -> cluster.killForAWhile(cluster.ownerOfMostShards()))
                .forEach(FailoverLimits::answersHaveTheRightSource);
    }
}
