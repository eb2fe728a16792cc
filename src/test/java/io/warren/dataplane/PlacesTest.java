package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.PrefixPlan;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Placement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final Endpoint SELF = endpoint("10.0.0.1", 1_702);
    private static final Endpoint OTHER = endpoint("10.0.0.2", 1_702);
    private static final Endpoint THIRD = endpoint("10.0.0.3", 1_702);
    private static final long NOW = 1_000_000_000_000L;

    private final Map<Endpoint, RelayNode> nodes = new HashMap<>();

    private RelayNode node(Endpoint endpoint) {
        return nodes.computeIfAbsent(endpoint, it -> new RelayNode(it, it.equals(SELF), 1, 2, NOW));
    }

    private Places places(
            Map<Integer, Placement.Shard> shards, Map<Integer, Integer> blocks, Map<Integer, Integer> addresses) {
        List.of(SELF, OTHER, THIRD).forEach(this::node);
        return new Places(
                new Placement(
                        SELF,
                        List.of(OTHER, THIRD),
                        shards,
                        64,
                        blocks,
                        addresses,
                        Map.of(
                                endpoint("198.51.100.1", 1_701),
                                SELF,
                                endpoint("198.51.100.2", 1_701),
                                OTHER,
                                endpoint("2001:db8::2", 1_701),
                                OTHER)),
                nodes,
                PrefixPlan.NONE);
    }

    @Test
    void aSilentOwnersStandbyIsReachedAndThenNobody() {
        Places places = places(Map.of(7, new Placement.Shard(OTHER, THIRD)), Map.of(), Map.of());
        assertThat(places.reachable(7, NOW)).as("nobody was heard yet").isNull();
        node(THIRD).alive(NOW);
        assertThat(places.reachable(7, NOW)).isSameAs(node(THIRD));
        node(OTHER).alive(NOW);
        assertThat(places.reachable(7, NOW)).isSameAs(node(OTHER));
        assertThat(places.reachable(7, NOW + RelayNode.SILENT_NANOS)).isSameAs(node(OTHER));
        node(THIRD).alive(NOW + RelayNode.SILENT_NANOS);
        assertThat(places.reachable(7, NOW + RelayNode.SILENT_NANOS + 1)).isSameAs(node(THIRD));
        assertThat(places.reachable(8, NOW)).as("a shard of nobody").isNull();
    }

    @Test
    void afterAGoodByeOnlyASignOfLifeCounts() {
        RelayNode node = node(OTHER);
        node.alive(NOW);
        node.bye();
        assertThat(node.silent(NOW)).isTrue();
        node.heard(NOW + 1);
        assertThat(node.silent(NOW + 1)).as("a packet that was on its way").isTrue();
        node.alive(NOW + 2);
        assertThat(node.silent(NOW + 2)).isFalse();
    }

    @Test
    void weAreNeverSilentToOurselves() {
        assertThat(node(SELF).silent(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aSingleAddressGoesBeforeItsBlock() {
        Places places = places(
                Map.of(),
                Map.of(address("10.64.0.0"), 3, address("10.64.0.64"), 4),
                Map.of(address("10.64.0.9"), 200, address("192.0.2.1"), 0));
        assertThat(places.shardOf(address("10.64.0.8"))).isEqualTo(3);
        assertThat(places.shardOf(address("10.64.0.9"))).isEqualTo(200);
        assertThat(places.shardOf(address("10.64.0.63"))).isEqualTo(3);
        assertThat(places.shardOf(address("10.64.0.64"))).isEqualTo(4);
        assertThat(places.shardOf(address("192.0.2.1"))).isZero();
        assertThat(places.shardOf(address("10.64.0.128"))).isEqualTo(LongTable.ABSENT);
    }

    @Test
    void anIngressIsAnotherNodesAddress() {
        Places places = places(Map.of(), Map.of(), Map.of());
        assertThat(places.viaIngress()).isTrue();
        Places.Ingress ingress = places.ingress(Ends.of(endpoint("198.51.100.2", 1_701)));
        assertThat(ingress.node()).isSameAs(node(OTHER));
        OuterPath path = new OuterPath();
        ingress.putInto(path);
        assertThat(path.local()).isEqualTo(endpoint("198.51.100.2", 1_701));
        Places.Ingress ipv6 = places.ingress(Ends.of(endpoint("2001:db8::2", 1_701)));
        assertThat(ipv6.node()).isSameAs(node(OTHER));
        ipv6.putInto(path);
        assertThat(path.local()).isEqualTo(endpoint("2001:db8::2", 1_701));
        assertThat(places.ingress(Ends.of(endpoint("2001:db8::3", 1_701)))).isNull();
        assertThat(places.ingress(Ends.of(endpoint("198.51.100.1", 1_701)))).isNull();
        assertThat(places.ingress(Ends.of(endpoint("198.51.100.2", 1_702)))).isNull();
        assertThat(places.sender(Ends.of(THIRD))).isSameAs(node(THIRD));
        assertThat(places.sender(Ends.of(SELF)))
                .as("we do not relay to ourselves")
                .isNull();
        assertThat(places.others()).containsExactlyInAnyOrder(node(OTHER), node(THIRD));
    }

    @Test
    void theTableFindsWhatWasPutIntoItAndNothingElse() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            Map<Long, Integer> entries = new HashMap<>();
            int size = random.nextInt(300);
            for (int entry = 0; entry < size; entry++) {
                entries.put(random.nextLong(1_000) << random.nextInt(40), random.nextInt(256));
            }
            LongTable table = new LongTable(entries);
            for (long key = 0; key < 1_000; key++) {
                assertThat(table.get(key)).as("seed %d", seed).isEqualTo(entries.getOrDefault(key, LongTable.ABSENT));
            }
            entries.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
        }
    }

    @Test
    void theLatestIngressOfAPeerIsKnownUntilAnotherTakesItsPlace() {
        LatestIngress ingresses = new LatestIngress();
        long peer = Ends.of(address("192.0.2.7"), 1_701);
        assertThat(ingresses.of(peer)).isEqualTo(Ends.NONE);
        ingresses.note(peer, 11);
        ingresses.note(peer, 12);
        assertThat(ingresses.of(peer)).isEqualTo(12);
        for (int port = 0; port < 65_536; port++) {
            ingresses.note(Ends.of(address("192.0.2.8"), port), 13);
        }
        assertThat(ingresses.of(peer)).isIn(12L, Ends.NONE);
    }
}
