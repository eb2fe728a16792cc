package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A balancer that answers must pass, too: each leaves from the node that took its peer's packet. */
@Tag("goal")
class NginxIT {
    private static final int CALLS = 1_000;
    private static final Duration DEAD = Duration.ofSeconds(8);

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nginx");

    @Test
    void callsOutliveTheirNodeBehindNginx() {
        Cluster cluster = LAB.cluster();
        try (OwnershipWatch owners = OwnershipWatch.start(cluster, "n1", "n2", "n3")) {
            JsonNode found = FailoverWatch.watch(
                    FailoverWatch.Place.of(cluster),
                    List.of("--calls", "" + CALLS, "--tunnels", "20", "--rate", "5000", "--seconds", "15"),
                    () -> {
                        String node = cluster.ownerOfMostShards();
                        cluster.kill(node);
                        Await.pause(DEAD);
                        cluster.start(node);
                        cluster.awaitSettled(3);
                    });

            FailoverLimits.allCameUp(found, CALLS);
            assertThat(FailoverLimits.rounds(found)).hasSize(1).allSatisfy(round -> {
                FailoverLimits.nothingIsLost(round);
                FailoverLimits.answersHaveTheRightSource(round);
            });
            owners.noShardHadTwoOwners();
        }
    }
}
