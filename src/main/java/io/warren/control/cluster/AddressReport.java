package io.warren.control.cluster;

import java.util.Map;

/**
 * Which subscribers' addresses belong to the shards of one node. Addresses are big-endian ints.
 *
 * @param blocks first address of each block that a shard has leased, to the shard
 * @param singles addresses that belong to another shard than their block's, or to no block, to their shard
 */
public record AddressReport(Map<Integer, Integer> blocks, Map<Integer, Integer> singles) {
    public static final AddressReport NONE = new AddressReport(Map.of(), Map.of());
}
