package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * Who has which block. Blocks never overlap.
 *
 * @param leases by the first address, in the order of unsigned ints
 * @param counts blocks of each shard that has one
 * @param next number of the next lease
 */
public record BlockRegistryState(TreePMap<Long, BlockLease> leases, PMap<Integer, Integer> counts, long next) {
    static final BlockRegistryState EMPTY = new BlockRegistryState(TreePMap.empty(), HashTreePMap.empty(), 1);

    /** The leases that have an address of this range, in the order of addresses. */
    List<BlockLease> overlapping(Cidr range) {
        List<BlockLease> found = new ArrayList<>();
        Map.Entry<Long, BlockLease> before = leases.lowerEntry(place(range.base()));
        if (before != null && before.getValue().block().overlaps(range)) {
            found.add(before.getValue());
        }
        found.addAll(leases.subMap(place(range.base()), true, place(range.last()), true)
                .values());
        return found;
    }

    List<BlockLease> of(int shard) {
        return counts.containsKey(shard)
                ? leases.values().stream()
                        .filter(lease -> lease.shard() == shard)
                        .toList()
                : List.of();
    }

    BlockRegistryState plus(Cidr block, int shard) {
        return new BlockRegistryState(
                leases.plus(place(block.base()), new BlockLease(block, shard, next)),
                counts.plus(shard, counts.getOrDefault(shard, 0) + 1),
                next + 1);
    }

    BlockRegistryState minus(int first) {
        BlockLease lease = leases.get(place(first));
        if (lease == null) {
            return this;
        }
        int left = counts.getOrDefault(lease.shard(), 1) - 1;
        return new BlockRegistryState(
                leases.minus(place(first)),
                left == 0 ? counts.minus(lease.shard()) : counts.plus(lease.shard(), left),
                next);
    }

    /** All leases of the shard under new numbers. */
    BlockRegistryState renumbered(int shard) {
        TreePMap<Long, BlockLease> now = leases;
        long number = next;
        for (BlockLease lease : of(shard)) {
            now = now.plus(place(lease.block().base()), new BlockLease(lease.block(), shard, number));
            number++;
        }
        return new BlockRegistryState(now, counts, number);
    }

    static long place(int address) {
        return Integer.toUnsignedLong(address);
    }
}
