package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.cluster.MovingOrder.Part;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parts of a shard leave one after the other. */
class MovingOrderTest {
    private static final Map<Integer, String> BOTH_AT_A = Map.of(7, "a:1", 8, "a:1");
    private static final Map<Integer, String> SEVEN_AT_B = Map.of(7, "b:1", 8, "a:1");

    private final MovingOrder order = new MovingOrder();

    @BeforeEach
    void allParts() {
        for (Part part : Part.values()) {
            order.join(part);
        }
    }

    @Test
    void callsMoveFirst() {
        assertThat(order.allowed(Part.SESSIONS, BOTH_AT_A)).containsExactlyInAnyOrder(7, 8);
        for (Part part : Part.values()) {
            order.saw(part, BOTH_AT_A);
        }
        assertThat(order.allowed(Part.TUNNELS, BOTH_AT_A)).isEmpty();
        assertThat(order.allowed(Part.KEEPER, BOTH_AT_A)).isEmpty();
    }

    @Test
    void aPartFollowsWhenAllBeforeItHaveLeft() {
        for (Part part : Part.values()) {
            order.saw(part, BOTH_AT_A);
        }
        order.saw(Part.SESSIONS, SEVEN_AT_B);
        assertThat(order.allowed(Part.TUNNELS, BOTH_AT_A)).containsExactly(7);
        assertThat(order.allowed(Part.KEEPER, BOTH_AT_A)).isEmpty();
        order.saw(Part.TUNNELS, SEVEN_AT_B);
        assertThat(order.allowed(Part.KEEPER, BOTH_AT_A)).isEmpty();
        order.saw(Part.LENDER, Map.of(8, "a:1"));
        assertThat(order.allowed(Part.KEEPER, BOTH_AT_A))
                .as("a lender that nobody has asked yet is nowhere")
                .containsExactly(7);
    }

    @Test
    void aCoordinatorThatHasJustComeWaitsForTheOthers() {
        assertThat(order.allowed(Part.TUNNELS, BOTH_AT_A)).isEmpty();
        order.saw(Part.SESSIONS, Map.of());
        assertThat(order.allowed(Part.TUNNELS, BOTH_AT_A)).containsExactlyInAnyOrder(7, 8);
    }

    @Test
    void aPartThatThereIsNotIsNotWaitedFor() {
        MovingOrder two = new MovingOrder();
        two.join(Part.SESSIONS);
        two.join(Part.KEEPER);
        two.saw(Part.SESSIONS, SEVEN_AT_B);
        assertThat(two.allowed(Part.KEEPER, BOTH_AT_A)).containsExactly(7);
    }
}
