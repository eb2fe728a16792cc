package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server of a cluster's journal goes away for half a minute: calls go on, new ones are told at once to try later. */
class PostgresOutageIT {
    private static final Duration ABSENCE = Duration.ofSeconds(30);
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static final Duration STEADY = Duration.ofSeconds(5);
    private static final int NEW_CALLS_PER_SECOND = 20;
    /** A call that was being written when the server went is refused when the write fails. */
    private static final double REFUSED_WITHIN_MS = 1_000;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("nft");

    @Test
    void callsGoOnAndNewOnesAreRefusedAtOnceUntilItIsBack() {
        Cluster cluster = LAB.cluster();
        List<JsonNode> rounds = FailoverWatch.noCallIsLost(
                cluster,
                FailoverWatch.Load.of(1_000, 20, 5_000, 10).withNewCalls(NEW_CALLS_PER_SECOND, 6),
                () -> outage(cluster),
                () -> Await.pause(STEADY));

        JsonNode outage = rounds.getFirst();
        FailoverLimits.hardlyAPacketIsLost(outage);
        FailoverLimits.dataGapsAreShort(outage);
        newCallsAreRefusedAtOnce(outage);
        FailoverLimits.newCallsComeUp(rounds.getLast(), NEW_CALLS_PER_SECOND);
    }

    private static void outage(Cluster cluster) {
        cluster.stop("postgresql");
        cluster.await(
                "no node is ready",
                NOTICED,
                status -> Cluster.nodes(status)
                        .noneMatch(node -> node.path("ready").asBoolean()));
        Await.pause(ABSENCE);
        cluster.start("postgresql");
        cluster.awaitSettled(3);
    }

    private static void newCallsAreRefusedAtOnce(JsonNode round) {
        JsonNode calls = round.path("newCalls");
        int failed = 0;
        for (JsonNode count : calls.path("failed")) {
            failed += count.asInt();
        }
        // Their peers thought that they were up, or nearly so, when what they had done could not be written down.
        assertThat(failed).as("new calls without an answer in %s", round).isLessThanOrEqualTo(NEW_CALLS_PER_SECOND);
        assertThat(calls.path("refused").properties().stream().map(Map.Entry::getKey))
                .as("why new calls were refused in %s", round)
                .isNotEmpty()
                .allSatisfy(why -> assertThat(why).contains("CDN 4"));
        assertThat(calls.path("medianRefusalMs").asDouble(Double.MAX_VALUE))
                .as("how long a refusal takes in %s", round)
                .isLessThan(REFUSED_WITHIN_MS);
    }
}
