package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/**
 * Where subscribers' addresses come from: one owner at most per address. Addresses are big-endian ints. No stage
 * completes exceptionally; what cannot be known counts as taken. Safe for use by many threads.
 */
public interface Addresses {
    /** Leases an address of a pool: the call's own if it has one there, else the user's last one, else any. */
    CompletionStage<OptionalInt> leaseAny(String pool, SessionKey key, String user);

    /** Leases an address of these ranges, the call's own or the user's last one before others. */
    CompletionStage<OptionalInt> leaseWithin(Collection<Cidr> ranges, SessionKey key, String user);

    /** Leases this address, in a pool or not; false when another call has it or when nobody may. */
    CompletionStage<Boolean> lease(SessionKey key, int address);

    /** Marks an address as leased to a call that is recovered from the journal. */
    void restore(SessionKey key, int address);

    /** Gives an address back; only its owner can. */
    void release(SessionKey key, int address);

    /** The call is over: whatever it has, or is about to get, is given back. */
    void over(SessionKey key);
}
