package io.warren.control.cluster;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing (highest random weight): for each shard every node has a weight, and who knows the nodes knows
 * their order. The first is to own the shard and the second to stand by, so that when a node goes, each of its shards
 * goes to just the node that stood by for it, and nothing else moves.
 */
public final class Rendezvous {
    private Rendezvous() {}

    /** The nodes in the order in which they are to have the shard. */
    public static List<String> order(int shard, Collection<String> nodes) {
        Map<String, Long> weights = new HashMap<>();
        for (String node : nodes) {
            weights.put(node, weight(shard, node));
        }
        return weights.keySet().stream()
                .sorted(Comparator.<String, Long>comparing(node -> -weights.getOrDefault(node, 0L))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** The node that is to have the shard; null when there is none. */
    public static @Nullable String first(int shard, Collection<String> nodes) {
        List<String> order = order(shard, nodes);
        return order.isEmpty() ? null : order.getFirst();
    }

    /** 62 bits, the same in every process and release: nodes of a rolling upgrade must agree. */
    private static long weight(int shard, String node) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (int i = 0; i < node.length(); i++) {
            hash = (hash ^ node.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash + mix(shard + 1L)) >>> 2;
    }

    /** The finaliser of SplitMix64: each bit of the result depends on each bit of the argument. */
    private static long mix(long value) {
        long mixed = value * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
