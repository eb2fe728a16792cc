package io.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/** What a cluster promises, held against what {@code warren bench failover} found. */
final class FailoverLimits {
    private static final double MEDIAN_DATA_GAP_MS = 1_500;
    private static final double WORST_DATA_GAP_MS = 3_000;
    private static final double WORST_CONTROL_GAP_MS = 5_000;
    private static final double PLANNED_LOSS_PERCENT = 0.1;

    private FailoverLimits() {}

    static List<JsonNode> rounds(JsonNode found) {
        return StreamSupport.stream(found.path("rounds").spliterator(), false).toList();
    }

    /** All calls that were asked for came up. */
    static void allCameUp(JsonNode found, int calls) {
        assertThat(found.path("dialled").asInt()).as("calls that came up").isEqualTo(calls);
        assertThat(found.path("dialFailed").asInt()).isZero();
    }

    /** Every call is still there, with its address, its data and its control connection; no peer was told otherwise. */
    static void nothingIsLost(JsonNode round) {
        for (String figure :
                List.of("callsLost", "tunnelsClosed", "cdns", "stopCcns", "renumbered", "duplicateAddresses")) {
            assertThat(number(round, figure)).as("%s in %s", figure, round).isZero();
        }
        for (String direction : List.of("up", "down")) {
            for (String figure : List.of("misdelivered", "corrupt")) {
                assertThat(number(round.path(direction), figure))
                        .as("%s %s in %s", direction, figure, round)
                        .isZero();
            }
            assertThat(number(round.path(direction).path("gap"), "atEnd"))
                    .as("calls without data %s at the end of %s", direction, round)
                    .isZero();
        }
        assertThat(number(round.path("control").path("gap"), "atEnd"))
                .as("tunnels whose HELLO is not answered at the end of %s", round)
                .isZero();
        answersHaveTheRightSource(round);
        if (round.path("newCalls").isObject()) {
            for (String figure : List.of("lost", "tunnelsClosed", "strays")) {
                assertThat(number(round.path("newCalls"), figure))
                        .as("new calls %s in %s", figure, round)
                        .isZero();
            }
        }
    }

    static void answersHaveTheRightSource(JsonNode round) {
        assertThat(number(round.path("control"), "wrongSources")
                        + round.path("newCalls")
                                .path("control")
                                .path("wrongSources")
                                .asDouble())
                .as("datagrams from elsewhere in %s", round)
                .isZero();
    }

    /** A node died. */
    static void dataGapsAreShort(JsonNode round) {
        for (String direction : List.of("up", "down")) {
            JsonNode gap = round.path(direction).path("gap");
            assertThat(number(gap, "medianMs"))
                    .as("median data gap %s in %s", direction, round)
                    .isLessThanOrEqualTo(MEDIAN_DATA_GAP_MS);
            assertThat(number(gap, "worstMs"))
                    .as("worst data gap %s in %s", direction, round)
                    .isLessThanOrEqualTo(WORST_DATA_GAP_MS);
        }
    }

    /** How soon whoever takes over speaks: on a machine whose processors are all busy it depends on them. */
    static void controlGapsAreShort(JsonNode round) {
        assertThat(number(round.path("control").path("gap"), "worstMs"))
                .as("longest wait for the answer to a HELLO in %s", round)
                .isLessThanOrEqualTo(WORST_CONTROL_GAP_MS);
        if (round.path("newCalls").isObject()) {
            assertThat(number(round.path("newCalls"), "gapMs"))
                    .as("longest time without a new call accepted in %s", round)
                    .isLessThanOrEqualTo(WORST_CONTROL_GAP_MS);
        }
    }

    /** A planned change: hardly a packet is lost, and every new call comes up. */
    static void hardlyAPacketIsLost(JsonNode round) {
        for (String direction : List.of("up", "down")) {
            assertThat(number(round.path(direction), "lossPercent"))
                    .as("packets lost %s in %s", direction, round)
                    .isLessThanOrEqualTo(PLANNED_LOSS_PERCENT);
        }
    }

    /** No packet of a call overtook another of the same call. */
    static void orderIsKept(JsonNode round) {
        for (String direction : List.of("up", "down")) {
            assertThat(number(round.path(direction), "reordered"))
                    .as("packets out of order %s in %s", direction, round)
                    .isZero();
        }
    }

    /** Every call that was tried came up, at the rate that was asked for. */
    static void newCallsComeUp(JsonNode round, double perSecond) {
        JsonNode calls = round.path("newCalls");
        assertThat(calls.path("failed"))
                .as("new calls that failed in %s", round)
                .isEmpty();
        assertThat(calls.path("refused"))
                .as("new calls that were refused in %s", round)
                .isEmpty();
        assertThat(number(calls, "heldBack")).isZero();
        assertThat(number(calls, "tried"))
                .as("new calls in %s", round)
                .isGreaterThanOrEqualTo(0.95 * perSecond * number(round, "seconds"));
    }

    /** Fails where there is no such figure. */
    private static double number(JsonNode node, String figure) {
        JsonNode value = node.path(figure);
        assertThat(value.isNumber()).as("%s is a number in %s", figure, node).isTrue();
        return value.asDouble();
    }
}
