package io.warren.control.cluster.address;

import akka.Done;
import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.control.access.Addresses;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the shards on this node. An address of the shard's own blocks is given at once; all else is asked
 * for. Safe for use by many threads; {@link #tick} is to be called about each second.
 */
public final class ClusterAddresses implements Addresses, LendingDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterAddresses.class);

    /** How long a call waits for a shard that has just moved, in milliseconds. */
    private static final long READY_MILLIS = 5_000;

    private static final CompletionStage<OptionalInt> NOTHING = CompletableFuture.completedFuture(OptionalInt.empty());

    private final PoolPlan plan;
    private final AddressNetwork network;
    private final LastAddresses lastAddresses;
    private final LongSupplier nanos;
    private final Upkeep upkeep;
    private final Map<Integer, Shard> shards = new HashMap<>();
    private volatile Announcement.Listener listener = _ -> {};
    private volatile Consumer<SessionKey> conflicts = _ -> {};

    /** @param nanos the monotonic clock */
    ClusterAddresses(
            PoolPlan plan, AddressNetwork network, LastAddresses lastAddresses, LongSupplier nanos, Upkeep.Pace pace) {
        this.plan = plan;
        this.network = network;
        this.lastAddresses = lastAddresses;
        this.nanos = nanos;
        this.upkeep = new Upkeep(this, pace);
    }

    // ---- for the keeper and the board

    /**
     * This node owns a shard from now on. Nothing of it is given out before the stage completes; what the registry and
     * the lender do not answer is asked for again until they do.
     *
     * @param calls all calls of the shard that have addresses, as the journal knows them
     */
    public synchronized CompletionStage<Done> takeOver(int shard, Map<SessionKey, List<Integer>> calls) {
        Shard known = shards.get(shard);
        Shard mine = known != null && !known.isOwned() ? known : new Shard(new ShardAddresses(shard, plan));
        mine.own(calls);
        shards.put(shard, mine);
        upkeep.prepare(mine);
        return mine.ready;
    }

    /** The shard goes to another node, or has gone. */
    public synchronized void forget(int shard) {
        Shard gone = shards.remove(shard);
        if (gone != null) {
            announce(gone);
        }
    }

    /** What others must know of a shard; nothing when it is not here or not ready. */
    public synchronized Announcement announcement(int shard) {
        Shard mine = ready(shard);
        if (mine == null) {
            return new Announcement(List.of(), List.of());
        }
        List<Integer> blocks = new ArrayList<>();
        List<Integer> single = new ArrayList<>();
        for (Block block : mine.addresses.blocks()) {
            if (isWhole(block.range())) {
                blocks.add(block.range().base());
            }
        }
        mine.addresses.borrowed().forEach(loan -> single.add(loan.address()));
        for (int address : mine.addresses.owned()) {
            Block block = mine.addresses.blockAround(address);
            if (block == null || !isWhole(block.range())) {
                single.add(address);
            }
        }
        return new Announcement(blocks, single);
    }

    /** Is told when {@link #announcement} of a shard changes. */
    public void listen(Announcement.Listener toChanges) {
        listener = toChanges;
    }

    /** Is told of calls from the journal whose address another call has: they must not go on. */
    public void listenToConflicts(Consumer<SessionKey> toConflicts) {
        conflicts = toConflicts;
    }

    /** Asks again what was not answered, gives back what is not used. */
    public synchronized void tick() {
        long now = nanos.getAsLong();
        shards.values().removeIf(shard -> !shard.isOwned() && shard.searches.isEmpty());
        for (Shard shard : List.copyOf(shards.values())) {
            if (shard.isOwned()) {
                upkeep.attend(shard, now);
            }
        }
    }

    // ---- for calls

    @Override
    public CompletionStage<OptionalInt> leaseAny(String pool, SessionKey key, String user) {
        return search(key, search -> search.any(pool, lastAddresses.of(user))).thenApply(found -> noted(user, found));
    }

    @Override
    public CompletionStage<OptionalInt> leaseWithin(Collection<Cidr> ranges, SessionKey key, String user) {
        return search(key, search -> search.within(List.copyOf(ranges), lastAddresses.of(user)))
                .thenApply(found -> noted(user, found));
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        return plan.isHost(address)
                ? search(key, search -> search.particular(address)).thenApply(OptionalInt::isPresent)
                : CompletableFuture.completedFuture(false);
    }

    @Override
    public synchronized void restore(SessionKey key, int address) {
        Shard shard = shards.get(Placement.shardOf(key.tunnelId()));
        if (shard == null || !shard.isOwned()) {
            LOG.debug("call {} is recovered before its shard, which will know of its address", key);
        } else if (shard.isReady()) {
            upkeep.restore(shard, key, address);
        } else {
            shard.restoring.computeIfAbsent(key, _ -> new HashSet<>()).add(address);
        }
    }

    @Override
    public synchronized void release(SessionKey key, int address) {
        Shard shard = shards.get(Placement.shardOf(key.tunnelId()));
        if (shard != null) {
            shard.restoring.getOrDefault(key, new HashSet<>()).remove(address);
            release(shard, key, address);
        }
    }

    @Override
    public synchronized void over(SessionKey key) {
        Shard shard = shards.get(Placement.shardOf(key.tunnelId()));
        if (shard != null) {
            shard.restoring.remove(key);
            shard.searches.getOrDefault(key, List.of()).forEach(AddressSearch::cancel);
            shard.addresses.held(key).forEach(address -> release(shard, key, address));
        }
    }

    private OptionalInt noted(String user, OptionalInt found) {
        found.ifPresent(address -> lastAddresses.note(user, address));
        return found;
    }

    @FunctionalInterface
    private interface Search {
        CompletionStage<OptionalInt> by(AddressSearch search);
    }

    /** A shard that is not here is on its way: its calls move first. */
    private synchronized CompletionStage<OptionalInt> search(SessionKey key, Search how) {
        Shard shard = shards.computeIfAbsent(
                Placement.shardOf(key.tunnelId()), number -> new Shard(new ShardAddresses(number, plan)));
        AddressSearch search = new AddressSearch(this, shard, key);
        shard.searches.computeIfAbsent(key, _ -> new ArrayList<>()).add(search);
        return whenReady(shard)
                .thenCompose(ready -> begin(shard, search, ready ? how : _ -> NOTHING))
                .handle((found, failure) -> end(shard, key, search, found, failure));
    }

    private static CompletionStage<Boolean> whenReady(Shard shard) {
        return shard.isReady()
                ? CompletableFuture.completedFuture(true)
                : shard.ready.thenApply(_ -> true).completeOnTimeout(false, READY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized CompletionStage<OptionalInt> begin(Shard shard, AddressSearch search, Search how) {
        return isCurrent(shard) && !search.isOver() ? how.by(search) : NOTHING;
    }

    private synchronized OptionalInt end(
            Shard shard,
            SessionKey key,
            AddressSearch search,
            @Nullable OptionalInt found,
            @Nullable Throwable failure) {
        shard.searches.computeIfPresent(key, (_, all) -> {
            all.remove(search);
            return all.isEmpty() ? null : all;
        });
        if (failure != null) {
            LOG.error("no address for call {}: {}", key, failure.toString());
        }
        if (found == null || found.isEmpty() || search.isOver() || !isCurrent(shard)) {
            return OptionalInt.empty();
        }
        announce(shard);
        upkeep.thinkAhead(shard);
        return found;
    }

    private void release(Shard shard, SessionKey key, int address) {
        ShardAddresses.Borrowed loan = shard.addresses.release(key, address, nanos.getAsLong());
        if (loan != null && loan.home() != ShardAddresses.Borrowed.UNKNOWN) {
            network.giveBack(loan.home(), key, loan.ticket());
        }
        announce(shard);
    }

    // ---- for the lenders on this node

    @Override
    public synchronized boolean isReady(int shard) {
        return ready(shard) != null;
    }

    @Override
    public synchronized OptionalInt reserve(int shard, Collection<Cidr> ranges) {
        Shard mine = ready(shard);
        if (mine == null) {
            return OptionalInt.empty();
        }
        OptionalInt address = mine.addresses.reserve(ranges);
        if (address.isEmpty()) {
            mine.suspects.addAll(mine.addresses.loansWithin(ranges));
        }
        return address;
    }

    @Override
    public synchronized void lent(int shard, Loan loan) {
        Shard mine = ready(shard);
        if (mine != null) {
            mine.addresses.lent(loan);
        }
    }

    @Override
    public synchronized void returned(int shard, Loan loan) {
        Shard mine = ready(shard);
        if (mine != null) {
            mine.addresses.returned(loan, nanos.getAsLong());
        }
    }

    @Override
    public synchronized void restarted(int shard, Collection<Loan> loans) {
        Shard mine = ready(shard);
        if (mine != null) {
            mine.addresses.restoreLoans(loans, nanos.getAsLong());
        }
    }

    @Override
    public synchronized Optional<List<Loan>> notInUse(int shard, List<Loan> loans) {
        Shard mine = ready(shard);
        return mine == null
                ? Optional.empty()
                : Optional.of(loans.stream()
                        .filter(loan -> !mine.addresses.holds(loan.key(), loan.address())
                                && !mine.searches.containsKey(loan.key()))
                        .toList());
    }

    // ---- for the searches and the upkeep

    PoolPlan plan() {
        return plan;
    }

    AddressNetwork network() {
        return network;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    long now() {
        return nanos.getAsLong();
    }

    synchronized <T> T locked(Supplier<T> step) {
        return step.get();
    }

    /** Whether the shard is still here, and has not been away in between. */
    synchronized boolean isCurrent(Shard shard) {
        return shards.get(shard.number()) == shard;
    }

    void announce(Shard shard) {
        listener.changed(shard.number());
    }

    void conflict(SessionKey key, int address) {
        LOG.error("call {} goes on with address {}, which is not free", key, Ipv4.dotted(address));
        conflicts.accept(key);
    }

    private @Nullable Shard ready(int shard) {
        Shard mine = shards.get(shard);
        return mine != null && mine.isReady() ? mine : null;
    }

    private boolean isWhole(Cidr block) {
        return 1L << (32 - block.length()) == plan.blockSize();
    }
}
