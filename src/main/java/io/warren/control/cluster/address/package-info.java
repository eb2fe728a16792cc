/**
 * Subscriber addresses in a cluster: one owner at most per address, on whatever node. The {@link BlockRegistry} leases
 * blocks of the pools to shards, a shard gives single addresses out of its blocks to its calls without asking anybody,
 * and the {@link AddressLender} of an address's home shard lends it to calls of other shards.
 *
 * <p>No message is trusted to arrive, or to arrive once. Who asks twice gets the same answer, and whatever gives
 * something back names the lease by a number that is never used again, so that a late copy gives nothing back. Who
 * takes over a shard gets new numbers for its blocks, so that what its last owner said is void.
 */
@NullMarked
package io.warren.control.cluster.address;

import org.jspecify.annotations.NullMarked;
