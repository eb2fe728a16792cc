package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code warren bench failover} with a node by itself: that it sees what happens. How fast such a node comes back is of no
 * interest here.
 */
@SuppressWarnings("NullAway.Init")
class BenchFailoverIT {
    private static final int CALLS = 200;
    private static final Duration ABSENCE = Duration.ofSeconds(3);
    private static final FailoverWatch.Load SMALL =
            FailoverWatch.Load.of(CALLS, 4, 1_000, 6).goingOnFor(8);

    @RegisterExtension
    static final Lab LAB = Lab.withNode(Means.BENCH);

    static WarrenNode node;

    @BeforeAll
    static void start() {
        node = LAB.owning(WarrenNode.start(LAB.topology(), WarrenNode.Settings.PLAIN));
    }

    private static JsonNode watch(FailoverWatch.Load load, Runnable... actions) {
        return FailoverWatch.watch(FailoverWatch.Place.of(LAB.topology(), "many calls"), load, actions);
    }

    @Test
    void whatIsAwayForAWhileIsMissedForThatLong() {
        long[] absence = new long[1];
        JsonNode found = watch(SMALL.withNewCalls(10, 2), () -> Await.pause(Duration.ofSeconds(1)), () -> {
            long gone = System.nanoTime();
            node.kill();
            Await.pause(ABSENCE);
            node.start();
            absence[0] = System.nanoTime() - gone;
        });

        List<JsonNode> rounds = FailoverLimits.rounds(found);
        FailoverLimits.allCameUp(found, CALLS);
        rounds.forEach(FailoverLimits::nothingIsLost);
        JsonNode quiet = rounds.get(0);
        assertThat(quiet.path("up").path("lost").asInt(-1)).isZero();
        assertThat(quiet.path("control").path("acknowledged").asInt()).isGreaterThan(20);
        assertThat(quiet.path("newCalls").path("accepted").asInt()).isGreaterThan(20);
        JsonNode killed = rounds.get(1);
        for (String figure : List.of("up", "down", "control")) {
            JsonNode gap = killed.path(figure).path("gap");
            assertThat(gap.path("count").asInt())
                    .as("all have a gap: %s", killed)
                    .isEqualTo(figure.equals("control") ? 4 : CALLS);
            assertThat(gap.path("medianMs").asDouble())
                    .as("median gap of %s in %s", figure, killed)
                    .isGreaterThan(ABSENCE.toMillis() - 500.0);
            assertThat(gap.path("worstAtMs").asDouble())
                    .as("when the worst gap of %s began in %s", figure, killed)
                    .isBetween(-1_000.0, 3_000.0);
        }
        assertThat(killed.path("up").path("gap").path("worstMs").asDouble())
                .as("data is back before the node is ready, in %s", killed)
                .isLessThan(absence[0] / 1e6 + 1_000);
        assertThat(killed.path("newCalls").path("gapMs").asDouble()).isGreaterThan(ABSENCE.toMillis() - 500.0);
    }

    @Test
    void callsThatAreEndedAreMissed() {
        JsonNode found = watch(SMALL, () -> {
            String id = node.sessionsOf("bench-7").getFirst().path("id").asText();
            assertThat(node.delete("/l2tp/sessions/" + id).status()).isLessThan(300);
        });
        JsonNode round = FailoverLimits.rounds(found).getFirst();
        assertThat(found.path("allRight").asBoolean()).isFalse();
        assertThat(round.path("callsLost").asInt()).isEqualTo(1);
        assertThat(round.path("cdns").asInt()).isPositive();
        assertThat(round.path("stopCcns").asInt(-1)).isZero();
        assertThat(round.path("down").path("gap").path("atEnd").asInt()).isEqualTo(1);
        assertThat(round.path("events").toString()).contains("call lost");
    }
}
