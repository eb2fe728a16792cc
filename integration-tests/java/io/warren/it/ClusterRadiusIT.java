package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster's calls are accounted for once, whoever is killed. */
class ClusterRadiusIT {
    private static final Duration ABSENCE = Duration.ofSeconds(60);
    private static final Duration PAID = Duration.ofSeconds(60);
    private static final int CALLS = 300;
    /** What was under way when server and node were killed: written there, but the answer never came. */
    private static final int MOST_TOLD_TWICE = 5;

    private static final String USERS = "DEFAULT Cleartext-Password := \"" + Cluster.PASSWORD + "\"\n";

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft", Means.FREERADIUS)
            .with(
                    "warren.radius.servers.one.address=" + Cluster.CORE_ADDRESS,
                    "warren.radius.servers.one.secret=" + FreeRadius.SECRET,
                    "warren.radius.local-users=behind",
                    "warren.radius.timeout=1s",
                    "warren.radius.attempts=2",
                    "warren.radius.dead-time=10s");

    /** Calls begin and end all the time; those that do while the server is away are let in by the users file. */
    @Test
    void eachCallHasOneStartAndOneStopWhenServerAndNodeAreKilled() {
        Cluster cluster = LAB.cluster();
        try (FreeRadius server = FreeRadius.start(cluster, USERS)) {
            JsonNode round = FailoverWatch.noCallIsLost(
                            cluster,
                            FailoverWatch.Load.of(CALLS, 10, 1_000, 10).withNewCalls(10, 5),
                            () -> killBoth(cluster, server))
                    .getFirst();

            int newCalls = round.path("newCalls").path("accepted").asInt();
            assertThat(newCalls).isPositive();
            Await.until("each call that was told of is over", PAID, () -> {
                Set<String> stopped = Set.copyOf(server.ids("Stop"));
                return stopped.size() >= CALLS + newCalls && stopped.equals(Set.copyOf(server.ids("Start")));
            });
            assertThat(toldTwice(server.ids("Start")) + toldTwice(server.ids("Stop")))
                    .as("records that a database would have to know again by their Acct-Session-Id")
                    .isLessThanOrEqualTo(MOST_TOLD_TWICE);
        }
    }

    private static int toldTwice(List<String> ids) {
        return ids.size() - Set.copyOf(ids).size();
    }

    private static void killBoth(Cluster cluster, FreeRadius server) {
        String node = cluster.ownerOfMostShards();
        long begun = System.nanoTime();
        server.kill();
        cluster.killUntilAllHasMoved(node);
        Await.pause(ABSENCE.minusNanos(System.nanoTime() - begun));
        server.start();
        cluster.bringBack(node, 3);
    }
}
