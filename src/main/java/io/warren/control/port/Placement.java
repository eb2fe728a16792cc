package io.warren.control.port;

import io.warren.config.Cidr;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in the cluster the calls are: a view of one moment, replaced as a whole. A node is known by the address and port
 * of its relay. What is not in here is not in the cluster, and a node by itself has {@link #ALONE}.
 *
 * @param self our own relay; null for a node by itself
 * @param others the other nodes' relays
 * @param shards by number, 0 to 255: the high eight bits of the Tunnel ID
 * @param blockSize addresses in a block, a power of two
 * @param blocks first address of each leased block, to the shard that has leased it
 * @param addresses single addresses that belong to another shard than their block's, or to no block, to their shard
 * @param ingresses addresses of which just one node is the owner, so that answers must leave from there; none when all
 *     nodes have the same
 * @param routes networks behind subscribers and prefixes of theirs that are in no pool, to their shard; of IPv6 with 64
 *     bits at most, of IPv4 as {@link #ipv4} has it
 */
public record Placement(
        @Nullable Endpoint self,
        List<Endpoint> others,
        Map<Integer, Shard> shards,
        int blockSize,
        Map<Integer, Integer> blocks,
        Map<Integer, Integer> addresses,
        Map<Endpoint, Endpoint> ingresses,
        Map<Ipv6Prefix, Integer> routes) {
    /** Shards in a cluster; fixed for ever, since Tunnel IDs hold them. */
    public static final int SHARDS = 256;

    /** Tunnel IDs in each shard, one after the other; the first of shard 0 is no tunnel's. */
    public static final int IDS_IN_SHARD = 65_536 / SHARDS;

    /** Bits before an IPv4 address that is written as one of IPv6 (RFC 4291 §2.5.5.2). */
    public static final int IPV4_LENGTH = 96;

    private static final long IPV4_MAPPED = 0xffffL;

    /** Without routes. */
    public Placement(
            @Nullable Endpoint self,
            List<Endpoint> others,
            Map<Integer, Shard> shards,
            int blockSize,
            Map<Integer, Integer> blocks,
            Map<Integer, Integer> addresses,
            Map<Endpoint, Endpoint> ingresses) {
        this(self, others, shards, blockSize, blocks, addresses, ingresses, Map.of());
    }

    /** A network of IPv4 as one of IPv6. */
    public static Ipv6Prefix ipv4(Cidr network) {
        return new Ipv6Prefix(0, IPV4_MAPPED << 32 | (network.base() & 0xffff_ffffL), IPV4_LENGTH + network.length());
    }

    /** Whether it is a network of IPv4. */
    public static boolean isIpv4(Ipv6Prefix network) {
        return network.high() == 0 && network.low() >>> 32 == IPV4_MAPPED && network.length() >= IPV4_LENGTH;
    }

    /** A node that is no member of a cluster: all calls are here. */
    public static final Placement ALONE = new Placement(null, List.of(), Map.of(), 1, Map.of(), Map.of(), Map.of());

    /** The shard of a tunnel and of all its calls. */
    public static int shardOf(int tunnelId) {
        return tunnelId >> 8;
    }

    /**
     * Who forwards the calls of one shard.
     *
     * @param owner the node whose actors run them; null while there is none
     * @param standby the node that has their entries, too, and forwards while the owner is silent; null for none
     */
    public record Shard(@Nullable Endpoint owner, @Nullable Endpoint standby) {}
}
