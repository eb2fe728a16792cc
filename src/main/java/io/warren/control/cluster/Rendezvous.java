package io.warren.control.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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
        List<String> order = new ArrayList<>(nodes);
        order.sort((one, other) -> compare(shard, one, other));
        return List.copyOf(order);
    }

    /** The node that is to have the shard; null when there is none. All shards are asked about again and again. */
    public static @Nullable String first(int shard, Collection<String> nodes) {
        String first = null;
        for (String node : nodes) {
            if (first == null || compare(shard, node, first) < 0) {
                first = node;
            }
        }
        return first;
    }

    /** The heavier one comes first. */
    private static int compare(int shard, String one, String other) {
        int byWeight = Long.compare(weight(shard, other), weight(shard, one));
        return byWeight == 0 ? one.compareTo(other) : byWeight;
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
