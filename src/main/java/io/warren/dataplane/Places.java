package io.warren.dataplane;

import io.warren.config.PrefixPlan;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.Placement;
import io.warren.sys.AddressBits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Placement} as the packet threads want it: arrays and tables of numbers. Immutable but for its nodes. */
final class Places {
    /** A node by itself. */
    static final Places ALONE = new Places(Placement.ALONE, Map.of(), PrefixPlan.NONE);

    private final @Nullable RelayNode[] owners = new @Nullable RelayNode[Placement.SHARDS];
    private final @Nullable RelayNode[] standbys = new @Nullable RelayNode[Placement.SHARDS];
    private final RelayNode[] nodes;
    private final LongTable nodesByEnd;
    private final LongTable ingresses;
    private final Ingress[] ways;
    private final LongTable addresses;
    private final LongTable blocks;
    private final int blockMask;
    private final PrefixTable routes;
    private final PrefixTable ipv6Routes;
    private final PrefixPlan prefixes;
    private final boolean clustered;
    private final boolean viaIngress;

    /**
     * @param prefixes pools of IPv6 prefixes
     * @param known every node that the placement names and whose address can be used, ourselves among them */
    Places(Placement placement, Map<Endpoint, RelayNode> known, PrefixPlan prefixes) {
        this.prefixes = prefixes;
        clustered = placement.self() != null;
        placement.shards().forEach((shard, place) -> {
            owners[shard] = node(place.owner(), known);
            standbys[shard] = node(place.standby(), known);
        });
        nodes = known.values().toArray(RelayNode[]::new);
        Map<Endpoint, Integer> indices = new HashMap<>();
        Map<Long, Integer> ends = new HashMap<>();
        for (int index = 0; index < nodes.length; index++) {
            indices.put(nodes[index].endpoint, index);
            if (!nodes[index].self) {
                ends.put(nodes[index].end, index);
            }
        }
        nodesByEnd = new LongTable(ends);
        Map<Long, Integer> waysByEnd = new HashMap<>();
        List<Ingress> found = new ArrayList<>();
        placement.ingresses().forEach((local, node) -> {
            Integer index = indices.get(node);
            if (index != null && !nodes[index].self) {
                waysByEnd.put(Ends.of(local), found.size());
                found.add(Ingress.of(nodes[index], local));
            }
        });
        ingresses = new LongTable(waysByEnd);
        ways = found.toArray(Ingress[]::new);
        viaIngress = !placement.ingresses().isEmpty();
        addresses = byAddress(placement.addresses());
        blocks = byAddress(placement.blocks());
        blockMask = -placement.blockSize();
        Map<Ipv6Prefix, Integer> four = new HashMap<>();
        Map<Ipv6Prefix, Integer> six = new HashMap<>();
        placement.routes().forEach((route, shard) -> {
            if (Placement.isIpv4(route)) {
                four.put(new Ipv6Prefix(route.low() << 32, 0, route.length() - Placement.IPV4_LENGTH), shard);
            } else {
                six.put(route, shard);
            }
        });
        routes = new PrefixTable(four);
        ipv6Routes = new PrefixTable(six);
    }

    private static @Nullable RelayNode node(@Nullable Endpoint endpoint, Map<Endpoint, RelayNode> known) {
        return endpoint == null ? null : known.get(endpoint);
    }

    private static LongTable byAddress(Map<Integer, Integer> shards) {
        Map<Long, Integer> entries = new HashMap<>();
        shards.forEach((address, shard) -> entries.put((long) address, shard));
        return new LongTable(entries);
    }

    /** Whether there are other nodes at all. */
    boolean clustered() {
        return clustered;
    }

    /** Whether there are addresses of ours that only one node has. */
    boolean viaIngress() {
        return viaIngress;
    }

    @Nullable
    RelayNode owner(int shard) {
        return owners[shard];
    }

    /** Who is to have what this shard gets now: its owner, or its standby while that is silent; null: nobody is there. */
    @Nullable
    RelayNode reachable(int shard, long now) {
        RelayNode owner = owners[shard];
        if (owner != null && !owner.silent(now)) {
            return owner;
        }
        RelayNode standby = standbys[shard];
        return standby != null && !standby.silent(now) ? standby : null;
    }

    /** The shard whose subscriber has this address; {@link LongTable#ABSENT} when none of the cluster has. */
    int shardOf(int address) {
        int shard = addresses.get(address);
        return shard == LongTable.ABSENT ? blocks.get(address & blockMask) : shard;
    }

    /** The shard behind one of whose subscribers this address is: of several networks the smallest counts. */
    int shardOfRoute(int address) {
        return routes.get(RouteClaims.high(address));
    }

    /** The shard whose subscriber has a prefix of the pools with these first 64 bits: it is announced by its number. */
    int shardOfIpv6(long high) {
        int index = prefixes.find(high);
        return index == PrefixPlan.NO_INDEX ? LongTable.ABSENT : shardOf(index);
    }

    /** The same of a prefix that is in no pool, or of a network behind a subscriber. */
    int shardOfIpv6Route(long high) {
        return ipv6Routes.get(high);
    }

    /** Bits of the smallest network there; {@link PrefixTable#NONE} when it is in none. */
    int longestRoute(int address) {
        return routes.longest(RouteClaims.high(address));
    }

    /** The same of what {@link #shardOfIpv6Route} finds. */
    int longestIpv6Route(long high) {
        return ipv6Routes.longest(high);
    }

    /** Whether this is no other node's shard. */
    boolean isOursOrNobodys(int shard) {
        RelayNode owner = shard == LongTable.ABSENT ? null : owners[shard];
        return shard == LongTable.ABSENT || (owner != null && owner.self);
    }

    /** Whether nobody but us can know its calls now: it is ours, nobody's, or we stand by for it and its owner is silent. */
    boolean isForUs(int shard, long now) {
        if (shard == LongTable.ABSENT) {
            return true;
        }
        RelayNode node = reachable(shard, now);
        return node != null && node.self;
    }

    /** The other node with this relay; null when there is none. */
    @Nullable
    RelayNode sender(long end) {
        int index = nodesByEnd.get(end);
        return index == LongTable.ABSENT ? null : nodes[index];
    }

    /** The other node that alone has this address of ours; null: we have it, or nobody knows it. */
    @Nullable
    Ingress ingress(long local) {
        int index = ingresses.get(local);
        return index == LongTable.ABSENT ? null : ways[index];
    }

    /** A node, and an end of ours that it alone has. */
    record Ingress(RelayNode node, long localHigh, long localLow, int localPort) {
        private static Ingress of(RelayNode node, Endpoint local) {
            byte[] address = local.address().toByteArray();
            return new Ingress(node, AddressBits.high(address), AddressBits.low(address), local.port());
        }

        /** Says that a datagram is to leave from that end. */
        void putInto(OuterPath path) {
            path.setLocal(localHigh, localLow, localPort);
        }
    }

    /** All nodes but us. */
    List<RelayNode> others() {
        return List.of(nodes).stream().filter(node -> !node.self).toList();
    }
}
