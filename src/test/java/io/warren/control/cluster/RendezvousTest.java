package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Placement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RendezvousTest {
    private static final List<String> THREE = List.of("10.98.1.1:25520", "10.98.1.2:25520", "10.98.1.3:25520");

    /** Of the first 32 shards: the first choice of three. */
    private static final String GOLDEN = "20222100021001202110112122210002";

    private static Map<Integer, String> owners(List<String> nodes) {
        Map<Integer, String> owners = new HashMap<>();
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            owners.put(shard, Rendezvous.order(shard, nodes).getFirst());
        }
        return owners;
    }

    @Test
    void theOrderHasEachNodeOnceWhateverOrderTheyAreGivenIn() {
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            List<String> order = Rendezvous.order(shard, THREE);
            assertThat(order).containsExactlyInAnyOrderElementsOf(THREE);
            assertThat(Rendezvous.order(shard, THREE.reversed())).isEqualTo(order);
        }
    }

    /** Nodes of two releases run side by side: to change the function is to let them disagree. */
    @Test
    void theOrderIsTheSameInEachRelease() {
        StringBuilder firsts = new StringBuilder();
        for (int shard = 0; shard < 32; shard++) {
            firsts.append(THREE.indexOf(Rendezvous.first(shard, THREE)));
        }
        assertThat(firsts).hasToString(GOLDEN);
    }

    @Test
    void eachNodeHasAboutItsShare() {
        List<String> nodes = new ArrayList<>();
        for (int count = 1; count <= 8; count++) {
            nodes.add("node-" + count + ":25520");
            int share = Placement.SHARDS / count;
            Map<String, Integer> shards = new HashMap<>();
            owners(nodes).values().forEach(owner -> shards.merge(owner, 1, Integer::sum));
            assertThat(shards).hasSize(count);
            assertThat(shards.values()).allSatisfy(has -> assertThat(has).isBetween(share / 2, share * 3 / 2 + 1));
        }
    }

    @Test
    void whenANodeGoesItsShardsGoToTheirSecondChoicesAndNothingElseMoves() {
        for (String gone : THREE) {
            List<String> rest =
                    THREE.stream().filter(node -> !node.equals(gone)).toList();
            for (int shard = 0; shard < Placement.SHARDS; shard++) {
                List<String> before = Rendezvous.order(shard, THREE);
                String expected = before.getFirst().equals(gone) ? before.get(1) : before.getFirst();
                assertThat(Rendezvous.first(shard, rest)).isEqualTo(expected);
            }
        }
    }

    @Test
    void nobodyIsFirstOfNone() {
        assertThat(Rendezvous.first(7, List.of())).isNull();
    }

    @Test
    void onlyShardsWithAnotherFirstChoiceMove() {
        List<String> two = THREE.subList(0, 2);
        Map<Integer, String> owners = owners(two);
        Set<Integer> moved = new HashSet<>();
        for (int round = 0; round < 20; round++) {
            Set<Integer> now = RendezvousAllocation.toMove(owners, THREE, Set.of());
            now.forEach(
                    shard -> owners.put(shard, Rendezvous.order(shard, THREE).getFirst()));
            moved.addAll(now);
        }
        assertThat(owners).isEqualTo(owners(THREE));
        assertThat(moved).allSatisfy(shard -> assertThat(owners.get(shard)).isEqualTo(THREE.get(2)));
    }

    @Test
    void whatMovesAlreadyIsNotMovedAgain() {
        Map<Integer, String> owners = new HashMap<>();
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            owners.put(shard, "gone:1");
        }
        Set<Integer> moving = Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(RendezvousAllocation.toMove(owners, THREE, moving))
                .hasSize(Placement.SHARDS - moving.size())
                .doesNotContainAnyElementsOf(moving);
        assertThat(RendezvousAllocation.toMove(owners, List.of(), Set.of())).isEmpty();
    }
}
