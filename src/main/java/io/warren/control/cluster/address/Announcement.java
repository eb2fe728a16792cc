package io.warren.control.cluster.address;

import java.util.List;

/**
 * What other nodes must know of a shard's addresses to find its calls.
 *
 * @param blocks first address of each block of full size that the shard has, as big-endian ints
 * @param addresses single addresses that calls of the shard have and that are in none of these blocks
 */
public record Announcement(List<Integer> blocks, List<Integer> addresses) {
    public Announcement {
        blocks = List.copyOf(blocks);
        addresses = List.copyOf(addresses);
    }

    /** Is told when something changes, on whatever thread does it: do not block. */
    @FunctionalInterface
    public interface Listener {
        void changed(int shard);
    }
}
