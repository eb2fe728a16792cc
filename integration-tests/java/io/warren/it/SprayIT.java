package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The worst balancer: each packet, of control as of data, goes to a node at random, in both directions. */
@Tag("goal")
class SprayIT {
    private static final int CALLS = 1_000;

    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("spray");

    /**
     * Packets of one call that went to different nodes may overtake one another where they are close together, as behind
     * any such balancer; here they are 200 ms apart. That those keep their order which one node relays, {@link ScaleIT}
     * shows.
     */
    @Test
    void allCallsComeUpAndAnswersComeFromThePublicAddress() {
        JsonNode found = FailoverWatch.watch(
                FailoverWatch.Place.of(LAB.cluster()),
                List.of("--calls", "" + CALLS, "--tunnels", "20", "--rate", "5000", "--seconds", "10"),
                () -> Await.pause(Duration.ofSeconds(5)));

        FailoverLimits.allCameUp(found, CALLS);
        assertThat(FailoverLimits.rounds(found)).hasSize(1).allSatisfy(round -> {
            FailoverLimits.nothingIsLost(round);
            FailoverLimits.answersHaveTheRightSource(round);
            for (String direction : List.of("up", "down")) {
                assertThat(round.path(direction).path("reordered").asInt(-1))
                        .as("packets out of order %s in %s", direction, round)
                        .isZero();
                assertThat(round.path(direction).path("duplicated").asInt(-1)).isZero();
            }
        });
    }
}
