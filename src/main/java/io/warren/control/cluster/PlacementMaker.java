package io.warren.control.cluster;

import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the reports of all nodes to who has what. Pure: nodes that have heard the same say the same. */
final class PlacementMaker {
    private final String self;
    private final int blockSize;

    PlacementMaker(String self, int blockSize) {
        this.self = self;
        this.blockSize = blockSize;
    }

    /**
     * A claim, and who makes it.
     *
     * @param gone whether that node has ceased to be since
     */
    private record Claimed(NodeReport report, NodeReport.Claim claim, boolean gone) {
        boolean by(NodeReport other) {
            return report.node().equals(other.node()) && report.incarnation() == other.incarnation();
        }
    }

    /**
     * @param reports one of each node that is known, our own too. The claims of a node that is gone count until others
     *     claim its shards: its standby forwards meanwhile
     * @param gone the last reports of incarnations that will not come back
     * @param staying the nodes that are alive and go on: one of them is to stand by
     */
    ShardHolders make(Collection<NodeReport> reports, Collection<NodeReport> gone, Set<String> staying) {
        List<NodeReport> all = new ArrayList<>(reports);
        all.addAll(gone);
        Map<String, Endpoint> relays = new HashMap<>();
        gone.forEach(report -> relays.put(report.node(), report.relay()));
        reports.forEach(report -> relays.put(report.node(), report.relay()));
        Map<Integer, Claimed> claims = new HashMap<>();
        reports.forEach(report -> claim(claims, report, false));
        gone.forEach(report -> claim(claims, report, true));
        Set<String> candidates = Set.copyOf(staying.stream()
                .filter(node ->
                        reports.stream().anyMatch(report -> report.node().equals(node)))
                .toList());
        Map<Integer, ShardHolders.Holder> holders = new HashMap<>();
        Map<Integer, Placement.Shard> shards = new HashMap<>();
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            Claimed claimed = claims.get(shard);
            ShardHolders.Holder holder = holder(shard, claimed, candidates);
            holders.put(shard, holder);
            Endpoint owner = claimed != null && claimed.gone()
                    ? relayOfTheDead(claimed, reports)
                    : relay(relays, holder.owner());
            shards.put(shard, new Placement.Shard(owner, relay(relays, holder.standby())));
        }
        Endpoint own = relays.get(self);
        return new ShardHolders(Map.copyOf(holders), placement(own, reports, all, claims, shards));
    }

    private static void claim(Map<Integer, Claimed> claims, NodeReport report, boolean gone) {
        report.shards()
                .forEach((shard, claim) -> claims.merge(
                        shard, new Claimed(report, claim, gone), (one, other) -> better(shard, one, other)));
    }

    private static ShardHolders.Holder holder(int shard, @Nullable Claimed claimed, Set<String> candidates) {
        if (claimed == null) {
            return ShardHolders.NOBODY;
        }
        String owner = claimed.report().node();
        boolean gone = claimed.gone();
        String standby = Rendezvous.first(
                shard,
                gone
                        ? candidates
                        : candidates.stream()
                                .filter(node -> !node.equals(owner))
                                .toList());
        return new ShardHolders.Holder(
                gone ? null : owner,
                claimed.claim().epoch(),
                !gone && claimed.claim().kept(),
                standby);
    }

    private static @Nullable Endpoint relay(Map<String, Endpoint> relays, @Nullable String node) {
        return node == null ? null : relays.get(node);
    }

    /**
     * Nobody answers there any more, and the standby forwards. A node that was started again has the relay of the one
     * that it was, but not its calls.
     */
    private static @Nullable Endpoint relayOfTheDead(Claimed claimed, Collection<NodeReport> reports) {
        Endpoint relay = claimed.report().relay();
        return reports.stream().anyMatch(report -> report.relay().equals(relay)) ? null : relay;
    }

    private static Claimed better(int shard, Claimed one, Claimed other) {
        if (one.claim().epoch() != other.claim().epoch()) {
            return one.claim().epoch() > other.claim().epoch() ? one : other;
        }
        String name = one.report().node();
        return name.equals(Rendezvous.first(shard, List.of(name, other.report().node()))) ? one : other;
    }

    private Placement placement(
            @Nullable Endpoint own,
            Collection<NodeReport> reports,
            Collection<NodeReport> all,
            Map<Integer, Claimed> claims,
            Map<Integer, Placement.Shard> shards) {
        Map<Integer, Integer> blocks = new HashMap<>();
        Map<Integer, Integer> addresses = new HashMap<>();
        Map<Ipv6Prefix, Integer> routes = new HashMap<>();
        for (NodeReport report : all) {
            AddressReport of = Objects.requireNonNullElse(report.addresses(), AddressReport.NONE);
            of.blocks().forEach((first, shard) -> put(blocks, first, shard, report, claims));
            of.singles().forEach((address, shard) -> put(addresses, address, shard, report, claims));
            of.routes().forEach((shard, networks) -> {
                if (counts(shard, report, claims)) {
                    // behind calls of two shards: one of them, and all nodes say the same one
                    networks.forEach(network -> routes.merge(network, shard, Math::max));
                }
            });
        }
        Map<Endpoint, Endpoint> ingresses = new HashMap<>();
        reports.forEach(report -> report.ingresses().forEach(ingress -> ingresses.put(ingress, report.relay())));
        List<Endpoint> others = all.stream()
                .map(NodeReport::relay)
                .filter(relay -> !relay.equals(own))
                .distinct()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
        return new Placement(
                own,
                others,
                Map.copyOf(shards),
                blockSize,
                Map.copyOf(blocks),
                Map.copyOf(addresses),
                Map.copyOf(ingresses),
                Map.copyOf(routes));
    }

    /** Only a shard's owner says what addresses it has. */
    private static void put(
            Map<Integer, Integer> to, int address, int shard, NodeReport report, Map<Integer, Claimed> claims) {
        if (counts(shard, report, claims)) {
            to.put(address, shard);
        }
    }

    private static boolean counts(int shard, NodeReport report, Map<Integer, Claimed> claims) {
        Claimed claimed = claims.get(shard);
        return claimed != null && claimed.by(report);
    }
}
