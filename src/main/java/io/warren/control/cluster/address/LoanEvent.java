package io.warren.control.cluster.address;

import io.warren.control.port.SessionKey;
import java.time.Instant;

/** The journal of what a shard has lent. Addresses are big-endian ints. */
public sealed interface LoanEvent {
    Instant at();

    /** A call has got an address, or has it still under a new ticket because it was asked for again. */
    record AddressLent(Instant at, int address, SessionKey key, long ticket) implements LoanEvent {}

    /** The address is free again. */
    record AddressReturned(Instant at, int address) implements LoanEvent {}
}
