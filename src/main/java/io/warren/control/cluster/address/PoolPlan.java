package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.Placement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pools as they are configured, cut into blocks. Blocks are aligned; a range that is smaller than a block is a
 * block of its own.
 *
 * @param pools ranges by the pool's name, without overlap
 * @param blockSize addresses in a block, a power of two
 * @param gateway our own address as a big-endian int, never given out
 */
public record PoolPlan(Map<String, List<Cidr>> pools, int blockSize, int gateway) {
    /** Addresses outside of the pools have the same home when they share this prefix, in bits. */
    static final int HOME_PREFIX = 24;

    public PoolPlan {
        if (Integer.bitCount(blockSize) != 1 || blockSize < 1) {
            throw new IllegalArgumentException("a block of " + blockSize + " addresses: not a power of two");
        }
        Map<String, List<Cidr>> copy = new LinkedHashMap<>();
        pools.forEach((name, ranges) -> copy.put(name, List.copyOf(ranges)));
        pools = copy;
    }

    /** The ranges of a pool; none when there is no such pool. */
    public List<Cidr> ranges(String pool) {
        return pools.getOrDefault(pool, List.of());
    }

    /** The prefix of a block in this range. */
    int blockPrefix(Cidr range) {
        return Math.max(range.length(), 32 - Integer.numberOfTrailingZeros(blockSize));
    }

    /** The block around an address; empty when it is in no pool. */
    Optional<Cidr> block(int address) {
        return range(address).map(range -> around(address, blockPrefix(range)));
    }

    /** Whether a host may have it: neither the network's own address nor its broadcast, nor ours. */
    boolean isHost(int address) {
        if (address == gateway || address == 0) {
            return false;
        }
        Optional<Cidr> range = range(address);
        return range.isEmpty()
                || (address - range.get().firstHost() >= 0 && range.get().lastHost() - address >= 0);
    }

    /** The pool's name; null for an address outside of all pools. */
    @Nullable
    String pool(int address) {
        for (Map.Entry<String, List<Cidr>> pool : pools.entrySet()) {
            if (pool.getValue().stream().anyMatch(range -> range.contains(address))) {
                return pool.getKey();
            }
        }
        return null;
    }

    boolean overlapsPools(Cidr range) {
        return pools.values().stream().flatMap(List::stream).anyMatch(range::overlaps);
    }

    /** The shard that lends an address outside of all pools; the same for ever and on all nodes. */
    static int home(int address) {
        int mixed = (address >>> (32 - HOME_PREFIX)) * 0x9E3779B1;
        return (mixed >>> 16) % Placement.SHARDS;
    }

    static Cidr around(int address, int prefix) {
        return new Cidr(prefix == 0 ? 0 : address & -1 << (32 - prefix), prefix);
    }

    private Optional<Cidr> range(int address) {
        for (List<Cidr> ranges : pools.values()) {
            for (Cidr range : ranges) {
                if (range.contains(address)) {
                    return Optional.of(range);
                }
            }
        }
        return Optional.empty();
    }
}
