package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The pools of a node by itself, which answer at once. */
record NodeAddresses(AddressPools pools) implements Addresses {
    @Override
    public CompletionStage<OptionalInt> leaseAny(String pool, SessionKey key, String user) {
        return CompletableFuture.completedFuture(pools.leaseAny(pool, key, user));
    }

    @Override
    public CompletionStage<OptionalInt> leaseWithin(Collection<Cidr> ranges, SessionKey key, String user) {
        return CompletableFuture.completedFuture(pools.leaseWithin(ranges, key, user));
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        return CompletableFuture.completedFuture(pools.lease(key, address));
    }

    @Override
    public void restore(SessionKey key, int address) {
        pools.restore(key, address);
    }

    @Override
    public void release(SessionKey key, int address) {
        pools.release(key, address);
    }

    /** Nothing is on its way, and each address is given back by name. */
    @Override
    public void over(SessionKey key) {}
}
