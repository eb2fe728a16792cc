package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.cluster.MovingOrder.Part;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parts of a shard leave one after the other. */
class MovingOrderTest {
    private static final Map<Integer, String> BOTH_AT_A = Map.of(7, "a:1", 8, "a:1");
    private static final Map<Integer, String> SEVEN_AT_B = Map.of(7, "b:1", 8, "a:1");

    private final Map<Integer, String> owners = new HashMap<>();
    private final MovingOrder order = new MovingOrder(owners::get);

    @BeforeEach
    void allParts() {
        for (Part part : Part.values()) {
            order.join(part);
        }
    }

    @Test
    void callsMoveFirst() {
        assertThat(order.turn(Part.SESSIONS, BOTH_AT_A)).containsExactlyInAnyOrder(7, 8);
        for (Part part : Part.values()) {
            order.saw(part, BOTH_AT_A);
        }
        assertThat(order.turn(Part.TUNNELS, BOTH_AT_A)).isEmpty();
        assertThat(order.turn(Part.KEEPER, BOTH_AT_A)).isEmpty();
    }

    @Test
    void aPartFollowsWhenAllBeforeItHaveLeft() {
        for (Part part : Part.values()) {
            order.saw(part, BOTH_AT_A);
        }
        order.saw(Part.SESSIONS, SEVEN_AT_B);
        assertThat(order.turn(Part.TUNNELS, BOTH_AT_A)).containsExactly(7);
        assertThat(order.turn(Part.KEEPER, BOTH_AT_A)).isEmpty();
        order.saw(Part.TUNNELS, SEVEN_AT_B);
        assertThat(order.turn(Part.KEEPER, BOTH_AT_A)).isEmpty();
        order.saw(Part.LENDER, Map.of(8, "a:1"));
        assertThat(order.turn(Part.KEEPER, BOTH_AT_A))
                .as("a lender that nobody has asked yet is nowhere")
                .containsExactly(7);
    }

    @Test
    void aCoordinatorThatHasJustComeWaitsForTheOthers() {
        assertThat(order.turn(Part.TUNNELS, BOTH_AT_A)).isEmpty();
        order.saw(Part.SESSIONS, Map.of());
        assertThat(order.turn(Part.TUNNELS, BOTH_AT_A)).containsExactlyInAnyOrder(7, 8);
    }

    @Test
    void aShardSetsOutWhenAnotherHasArrived() {
        Map<Integer, String> leaving = new HashMap<>();
        for (int shard = 0; shard < 2 * MovingOrder.MOST_ON_THE_WAY; shard++) {
            leaving.put(shard, "a:1");
            owners.put(shard, "a:1");
        }
        assertThat(order.setOut(leaving, 0))
                .hasSize(MovingOrder.MOST_ON_THE_WAY)
                .contains(0);
        assertThat(order.setOut(leaving, 1))
                .as("the same ones go on, part by part")
                .hasSize(MovingOrder.MOST_ON_THE_WAY)
                .contains(0);
        owners.put(0, "b:1");
        leaving.remove(0);
        assertThat(order.setOut(leaving, 2))
                .hasSize(MovingOrder.MOST_ON_THE_WAY)
                .contains(MovingOrder.MOST_ON_THE_WAY);
    }

    @Test
    void aShardThatIsStuckHoldsNoOtherOneBack() {
        Map<Integer, String> stuck = new HashMap<>();
        for (int shard = 0; shard < MovingOrder.MOST_ON_THE_WAY; shard++) {
            stuck.put(shard, "a:1");
            owners.put(shard, "a:1");
        }
        order.setOut(stuck, 0);
        Map<Integer, String> next = Map.of(100, "a:1");
        assertThat(order.setOut(next, 1)).isEmpty();
        assertThat(order.setOut(next, Duration.ofSeconds(6).toNanos())).containsExactly(100);
    }

    @Test
    void aPartThatThereIsNotIsNotWaitedFor() {
        MovingOrder two = new MovingOrder(_ -> null);
        two.join(Part.SESSIONS);
        two.join(Part.KEEPER);
        two.saw(Part.SESSIONS, SEVEN_AT_B);
        assertThat(two.turn(Part.KEEPER, BOTH_AT_A)).containsExactly(7);
    }
}
