package io.warren.control.cluster.address;

import io.warren.config.Cidr;

/**
 * A block that a shard has.
 *
 * @param block as it was cut when it was leased: the configuration may have changed since
 * @param shard 0 to 255
 * @param number never used again, neither for another block nor for this one under another owner of the shard
 */
public record BlockLease(Cidr block, int shard, long number) {}
