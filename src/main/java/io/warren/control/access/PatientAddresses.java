package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.config.PrefixPlan;
import io.warren.control.port.SessionKey;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Addresses for calls that are let in, in another one's place, before that one has given its address back: they wait for
 * it a little, and so for its prefixes; not for what the peer wishes when the call has an address. All others are answered
 * as ever.
 */
public final class PatientAddresses implements Addresses {
    private static final long AGAIN_MILLIS = 50;

    private final Addresses addresses;
    private final Logins logins;
    /** Calls that took the place of others and have an IPv4 address. */
    private final Set<SessionKey> served = ConcurrentHashMap.newKeySet();

    public PatientAddresses(Addresses addresses, Logins logins) {
        this.addresses = addresses;
        this.logins = logins;
    }

    @Override
    public CompletionStage<OptionalInt> leaseAny(String pool, SessionKey key, String user) {
        return patiently(key, () -> addresses.leaseAny(pool, key, user), Function.identity());
    }

    @Override
    public CompletionStage<OptionalInt> leaseWithin(Collection<Cidr> ranges, SessionKey key, String user) {
        return patiently(key, () -> addresses.leaseWithin(ranges, key, user), Function.identity());
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        if (served.contains(key) && !PrefixPlan.isIndex(address)) {
            return addresses.lease(key, address);
        }
        return patiently(
                        key,
                        () -> addresses.lease(key, address),
                        granted -> granted ? OptionalInt.of(address) : OptionalInt.empty())
                .thenApply(OptionalInt::isPresent);
    }

    private <T> CompletionStage<OptionalInt> patiently(
            SessionKey key, Supplier<CompletionStage<T>> lease, Function<T, OptionalInt> result) {
        return lease.get().thenApply(result).thenCompose(leased -> {
            leased.ifPresent(address -> serve(key, address));
            boolean waits = leased.isEmpty() && logins.hasReplaced(key);
            return waits ? again(key, lease, result) : CompletableFuture.completedFuture(leased);
        });
    }

    private void serve(SessionKey key, int address) {
        if (!PrefixPlan.isIndex(address) && logins.hasReplaced(key)) {
            served.add(key);
            if (!logins.hasReplaced(key)) {
                // it has ended meanwhile
                served.remove(key);
            }
        }
    }

    private <T> CompletionStage<OptionalInt> again(
            SessionKey key, Supplier<CompletionStage<T>> lease, Function<T, OptionalInt> result) {
        Executor later = CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(() -> logins.hasReplaced(key), later)
                .thenCompose(waits ->
                        waits ? patiently(key, lease, result) : CompletableFuture.completedFuture(OptionalInt.empty()))
                .thenApply(leased -> unlessOver(key, leased));
    }

    /** Nobody would give back what a call gets that has ended while it waited. */
    private OptionalInt unlessOver(SessionKey key, OptionalInt leased) {
        if (leased.isPresent() && !logins.hasReplaced(key)) {
            addresses.release(key, leased.getAsInt());
            return OptionalInt.empty();
        }
        return leased;
    }

    @Override
    public void restore(SessionKey key, int address) {
        addresses.restore(key, address);
    }

    @Override
    public void release(SessionKey key, int address) {
        addresses.release(key, address);
    }

    @Override
    public void over(SessionKey key) {
        served.remove(key);
        addresses.over(key);
    }
}
