package io.warren.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.app.ClusterReadiness.Will;
import io.warren.management.api.PartView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** When a member is ready, and what it says when it is not. */
class ClusterReadinessTest {
    private static final String SELF = "192.0.2.1:25520";
    private static final String OTHER = "192.0.2.2:25520";

    private final Map<Integer, ClusterPicture.Shard> shards = new HashMap<>();

    ClusterReadinessTest() {
        for (int shard = 0; shard < 256; shard++) {
            shards.put(shard, new ClusterPicture.Shard(shard % 2 == 0 ? SELF : OTHER, true, null));
        }
    }

    private String red(String status, Will will) {
        List<PartView> parts = ClusterReadiness.parts(SELF, status, new ClusterPicture(List.of(), shards), will);
        return parts.stream()
                .filter(part -> !part.ready())
                .map(part -> part.name() + ": " + part.detail())
                .collect(Collectors.joining("; "));
    }

    @Test
    void readyWhenUpAndAllShardsHaveAnOwner() {
        assertThat(red("up", Will.STAY)).isEmpty();
    }

    @Test
    void notReadyBeforeItIsUpAndWhenItLeaves() {
        assertThat(red("joining", Will.STAY)).isEqualTo("member: 192.0.2.1:25520 is joining");
        assertThat(red("leaving", Will.STAY)).isEqualTo("member: 192.0.2.1:25520 is leaving");
    }

    @Test
    void notReadyWhileAShardHasNoOwner() {
        shards.remove(7);
        shards.put(8, new ClusterPicture.Shard(null, false, OTHER));
        assertThat(red("up", Will.STAY)).isEqualTo("shards: 2 of 256 have no owner");
    }

    @Test
    void notReadyWhileAShardOfItsOwnIsNotKeptYet() {
        shards.put(8, new ClusterPicture.Shard(SELF, false, OTHER));
        assertThat(red("up", Will.STAY)).isEqualTo("shards: 1 of our 128 are not ready");
    }

    @Test
    void readyWhileAShardOfAnotherNodeMoves() {
        shards.put(7, new ClusterPicture.Shard(OTHER, false, null));
        assertThat(red("up", Will.STAY)).isEmpty();
    }

    @Test
    void notReadyWhenItDrainsOrLeavesAndSaysHowFarItIs() {
        assertThat(red("up", Will.DRAIN)).isEqualTo("drain: draining, 128 shards are still here");
        assertThat(red("up", Will.LEAVE)).isEqualTo("drain: leaving, 128 shards are still here");
    }
}
