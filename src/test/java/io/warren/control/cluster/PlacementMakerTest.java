package io.warren.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.Endpoint;
import io.warren.control.port.Placement;
import io.warren.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlacementMakerTest {
    private static final Set<String> ALL = Set.of("a:1", "b:1", "c:1");

    private final PlacementMaker maker = new PlacementMaker("a:1", 64);

    private static Endpoint relay(String node) {
        return new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) node.charAt(0)), 1702);
    }

    private static NodeReport report(String node, Map<Integer, NodeReport.Claim> shards, AddressReport addresses) {
        return new NodeReport(node, relay(node), 1, 1, false, shards, addresses, List.of(), 0);
    }

    private static NodeReport report(String node, long epoch, int... shards) {
        Map<Integer, NodeReport.Claim> claims = new HashMap<>();
        Arrays.stream(shards).forEach(shard -> claims.put(shard, new NodeReport.Claim(epoch, true)));
        return report(node, claims, AddressReport.NONE);
    }

    private static NodeReport empty(String node) {
        return report(node, 0);
    }

    @Test
    void theHighestEpochHasTheShard() {
        ShardHolders made = maker.make(List.of(report("a:1", 5, 9), report("b:1", 6, 9), empty("c:1")), List.of(), ALL);
        assertThat(made.of(9).owner()).isEqualTo("b:1");
        assertThat(made.of(9).epoch()).isEqualTo(6);
        assertThat(made.placement().shards().get(9).owner()).isEqualTo(relay("b:1"));
        assertThat(made.of(10)).isEqualTo(ShardHolders.NOBODY);
        assertThat(made.placement().shards().get(10)).isEqualTo(new Placement.Shard(null, null));
    }

    @Test
    void ofEqualEpochsTheFirstChoiceHasTheShardAndAllNodesAgree() {
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            NodeReport one = report("a:1", 5, shard);
            NodeReport other = report("b:1", 5, shard);
            String expected = Rendezvous.first(shard, List.of("a:1", "b:1"));
            assertThat(maker.make(List.of(one, other), List.of(), ALL).of(shard).owner())
                    .isEqualTo(expected);
            assertThat(new PlacementMaker("b:1", 64)
                            .make(List.of(other, one), List.of(), ALL)
                            .of(shard)
                            .owner())
                    .isEqualTo(expected);
        }
    }

    @Test
    void theStandbyIsTheNodeThatWillHaveTheShardNext() {
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            for (String owner : ALL) {
                List<NodeReport> reports = ALL.stream()
                        .map(node -> node.equals(owner) ? report(node, 5, Placement.SHARDS - 1) : empty(node))
                        .toList();
                List<NodeReport> claiming = new ArrayList<>(reports);
                claiming.removeIf(report -> report.node().equals(owner));
                claiming.add(report(owner, 5, shard));
                ShardHolders.Holder holder =
                        maker.make(claiming, List.of(), ALL).of(shard);
                List<String> rest =
                        ALL.stream().filter(node -> !node.equals(owner)).toList();
                assertThat(holder.standby()).isEqualTo(Rendezvous.first(shard, rest));
            }
        }
    }

    @Test
    void whoDoesNotStayDoesNotStandBy() {
        List<NodeReport> reports = List.of(report("a:1", 5, 1, 2, 3, 4), empty("b:1"), empty("c:1"));
        ShardHolders made = maker.make(reports, List.of(), Set.of("a:1", "c:1"));
        assertThat(List.of(1, 2, 3, 4))
                .allSatisfy(shard -> assertThat(made.of(shard).standby()).isEqualTo("c:1"));
        ShardHolders alone = maker.make(reports, List.of(), Set.of("a:1"));
        assertThat(alone.of(1).standby()).isNull();
        assertThat(alone.placement().shards().get(1)).isEqualTo(new Placement.Shard(relay("a:1"), null));
    }

    @Test
    void aNodeWithoutAReportDoesNotStandBy() {
        ShardHolders made = maker.make(List.of(report("a:1", 5, 1)), List.of(), ALL);
        assertThat(made.of(1).standby()).isNull();
    }

    @Test
    void theDeadHaveTheirShardsUntilOthersClaimThemAndTheStandbyStays() {
        NodeReport dead = report("b:1", 5, 1, 2, 3);
        List<NodeReport> living = List.of(empty("a:1"), empty("c:1"));
        Set<String> staying = Set.of("a:1", "c:1");
        ShardHolders before = maker.make(List.of(empty("a:1"), dead, empty("c:1")), List.of(), ALL);
        ShardHolders after = maker.make(living, List.of(dead), staying);
        for (int shard = 1; shard <= 3; shard++) {
            assertThat(after.of(shard).owner()).isNull();
            assertThat(after.of(shard).epoch()).isEqualTo(5);
            assertThat(after.of(shard).kept()).isFalse();
            assertThat(after.of(shard).standby()).isEqualTo(before.of(shard).standby());
            assertThat(after.placement().shards().get(shard))
                    .isEqualTo(before.placement().shards().get(shard));
        }
        assertThat(after.placement().others()).contains(relay("b:1"));
        ShardHolders claimed = maker.make(List.of(report("a:1", 6, 1), empty("c:1")), List.of(dead), staying);
        assertThat(claimed.of(1).owner()).isEqualTo("a:1");
        assertThat(claimed.of(2).owner()).isNull();
    }

    @Test
    void aNodeThatWasStartedAgainHasNotWhatItHadBefore() {
        NodeReport dead = report("b:1", 5, 1);
        ShardHolders made = maker.make(List.of(empty("a:1"), empty("b:1"), empty("c:1")), List.of(dead), ALL);
        assertThat(made.placement().shards().get(1).owner()).isNull();
        assertThat(made.placement().shards().get(1).standby())
                .isEqualTo(relay(Rendezvous.order(1, ALL).getFirst()));
    }

    @Test
    void aKeeperThatHasLeftIsKnownToHave() {
        NodeReport left = report("b:1", Map.of(1, new NodeReport.Claim(5, false)), AddressReport.NONE);
        ShardHolders made = maker.make(List.of(empty("a:1"), left), List.of(), ALL);
        assertThat(made.of(1).owner()).isEqualTo("b:1");
        assertThat(made.of(1).kept()).isFalse();
    }

    @Test
    void onlyTheOwnerSaysWhatAddressesAShardHas() {
        NodeReport old =
                report("a:1", Map.of(1, new NodeReport.Claim(5, true)), new AddressReport(Map.of(64, 1), Map.of(7, 1)));
        NodeReport owner = report(
                "b:1", Map.of(1, new NodeReport.Claim(6, true)), new AddressReport(Map.of(128, 1), Map.of(9, 1, 8, 2)));
        Placement placement = maker.make(List.of(old, owner), List.of(), ALL).placement();
        assertThat(placement.blocks()).isEqualTo(Map.of(128, 1));
        assertThat(placement.addresses()).isEqualTo(Map.of(9, 1));
        assertThat(placement.blockSize()).isEqualTo(64);
    }

    @Test
    void answersLeaveFromTheNodeThatHasTheAddress() {
        Endpoint at = new Endpoint(Bytes.of((byte) 10, (byte) 99, (byte) 1, (byte) 2), 1701);
        NodeReport b = new NodeReport("b:1", relay("b:1"), 1, 1, false, Map.of(), AddressReport.NONE, List.of(at), 0);
        Placement placement =
                maker.make(List.of(empty("a:1"), b), List.of(), ALL).placement();
        assertThat(placement.ingresses()).isEqualTo(Map.of(at, relay("b:1")));
        assertThat(placement.self()).isEqualTo(relay("a:1"));
        assertThat(placement.others()).containsExactly(relay("b:1"));
    }

    @Test
    void theOrderOfReportsDoesNotMatter() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            List<NodeReport> reports = new ArrayList<>();
            for (String node : ALL) {
                Map<Integer, NodeReport.Claim> claims = new HashMap<>();
                for (int i = 0; i < 60; i++) {
                    claims.put(random.nextInt(256), new NodeReport.Claim(random.nextInt(1, 4), random.nextBoolean()));
                }
                reports.add(report(node, claims, AddressReport.NONE));
            }
            ShardHolders one = maker.make(reports, List.of(), ALL);
            Collections.shuffle(reports, random);
            assertThat(maker.make(reports, List.of(), ALL)).as("seed %d", seed).isEqualTo(one);
        }
    }
}
