package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The worst balancer: each packet, of control as of data, goes to a node at random, in both directions. */
class SprayIT {
    @RegisterExtension
    static final ClusterLab LAB = ClusterLab.balancedBy("spray");

    /**
     * Packets of one call that went to different nodes may overtake one another where they are close together, as behind
     * any such balancer. Here they are 200 ms apart, so that only a node that stood still for so long lets some be
     * overtaken: one in a thousand. That those keep their order which one node relays, {@link ScaleIT} shows.
     */
    @Test
    void allCallsComeUpAndAnswersComeFromThePublicAddress() {
        List<JsonNode> rounds = FailoverWatch.noCallIsLost(
                LAB.cluster(), FailoverWatch.Load.of(1_000, 20, 5_000, 10), () -> Await.pause(Duration.ofSeconds(5)));

        for (JsonNode round : rounds) {
            FailoverLimits.answersHaveTheRightSource(round);
            for (String direction : List.of("up", "down")) {
                assertThat(1_000 * round.path(direction).path("reordered").asLong(Long.MAX_VALUE / 1_000))
                        .as("packets out of order %s in %s", direction, round)
                        .isLessThanOrEqualTo(
                                round.path(direction).path("received").asLong());
                assertThat(round.path(direction).path("duplicated").asInt(-1)).isZero();
            }
        }
    }
}
