package io.warren.control.cluster.address;

import io.warren.control.port.SessionKey;

/**
 * An address that its home shard has lent to a call of another shard.
 *
 * @param address as a big-endian int
 * @param ticket the lender's number of its answer, never used again: who names an older one means an older loan
 */
public record Loan(int address, SessionKey key, long ticket) {}
