package io.warren.control.cluster;

import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.Placement;
import java.util.List;
import java.util.Map;

/**
 * Which subscribers' addresses belong to the shards of one node. Addresses are big-endian ints.
 *
 * @param blocks first address of each block that a shard has leased, to the shard
 * @param singles addresses that belong to another shard than their block's, or to no block, to their shard
 * @param routes by shard: networks behind its subscribers, and prefixes of theirs that are in no pool, as in {@link Placement}
 */
public record AddressReport(
        Map<Integer, Integer> blocks, Map<Integer, Integer> singles, Map<Integer, List<Ipv6Prefix>> routes) {
    public static final AddressReport NONE = new AddressReport(Map.of(), Map.of());

    /** Without routes. */
    public AddressReport(Map<Integer, Integer> blocks, Map<Integer, Integer> singles) {
        this(blocks, singles, Map.of());
    }
}
