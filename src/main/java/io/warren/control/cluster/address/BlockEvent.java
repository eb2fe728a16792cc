package io.warren.control.cluster.address;

import java.time.Instant;

/**
 * The journal of the blocks. Leases are numbered in the order in which these events are written, so the numbers are
 * not in them. Addresses are big-endian ints.
 */
public sealed interface BlockEvent {
    Instant at();

    /**
     * A shard has got a block, under the next number.
     *
     * @param first its first address
     * @param prefix its length, in bits
     */
    record BlockLeased(Instant at, int shard, int first, int prefix) implements BlockEvent {}

    /** A shard has given a block back. */
    record BlockReturned(Instant at, int shard, int first) implements BlockEvent {}

    /** A shard has a new owner: its leases have got the next numbers, in the order of their addresses. */
    record BlocksClaimed(Instant at, int shard) implements BlockEvent {}
}
