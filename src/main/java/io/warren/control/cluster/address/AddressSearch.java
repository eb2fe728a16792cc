package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The search for an address for one call: at home first, then at the registry, then at other shards. Each step runs
 * under the lock of {@link ClusterAddresses}; between them everything may change.
 */
final class AddressSearch {
    /** How many other shards, or parts of the ranges, are tried. */
    private static final int TRIES = 32;

    private static final OptionalInt NONE = OptionalInt.empty();

    private final ClusterAddresses node;
    private final Shard shard;
    private final SessionKey key;
    private boolean over;

    AddressSearch(ClusterAddresses node, Shard shard, SessionKey key) {
        this.node = node;
        this.shard = shard;
        this.key = key;
    }

    /** The call is over: what is found is given back. */
    void cancel() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Any of a pool, best the last one. */
    CompletionStage<OptionalInt> any(String pool, OptionalInt last) {
        List<Cidr> ranges = node.plan().ranges(pool);
        OptionalInt held = shard.addresses.held(key, ranges);
        if (held.isPresent()) {
            return CompletableFuture.completedFuture(held);
        }
        return last(ranges, last)
                .thenCompose(found -> orElse(found, () -> atHome(ranges)))
                .thenCompose(found -> orElse(found, () -> anotherBlock(pool, ranges)))
                .thenCompose(found -> orElse(found, () -> fromOthers(ranges)));
    }

    /** Any of these ranges, best the last one. */
    CompletionStage<OptionalInt> within(Collection<Cidr> ranges, OptionalInt last) {
        OptionalInt held = shard.addresses.held(key, ranges);
        if (held.isPresent()) {
            return CompletableFuture.completedFuture(held);
        }
        return last(ranges, last)
                .thenCompose(found -> orElse(found, () -> atHome(ranges)))
                .thenCompose(found -> orElse(found, () -> first(windows(ranges), this::window)));
    }

    /** This one. */
    CompletionStage<OptionalInt> particular(int address) {
        if (shard.addresses.holds(key, address) || shard.addresses.take(key, address)) {
            return CompletableFuture.completedFuture(OptionalInt.of(address));
        }
        return window(List.of(new Cidr(address, 32)));
    }

    private CompletionStage<OptionalInt> last(Collection<Cidr> ranges, OptionalInt last) {
        boolean wanted = last.isPresent()
                && node.plan().isHost(last.getAsInt())
                && ranges.stream().anyMatch(range -> range.contains(last.getAsInt()));
        return wanted ? particular(last.getAsInt()) : CompletableFuture.completedFuture(NONE);
    }

    private CompletionStage<OptionalInt> atHome(Collection<Cidr> ranges) {
        return CompletableFuture.completedFuture(shard.addresses.takeAny(key, ranges));
    }

    private CompletionStage<OptionalInt> anotherBlock(String pool, List<Cidr> ranges) {
        return node.upkeep()
                .moreBlocks(shard, pool, null, () -> shard.addresses.free(pool) > 0)
                .thenCompose(_ -> step(() -> atHome(ranges)));
    }

    /** No block is left for us: perhaps one of the others has addresses left in its blocks. */
    private CompletionStage<OptionalInt> fromOthers(List<Cidr> ranges) {
        List<Integer> holders = new ArrayList<>(shard.holders);
        // not all calls the same way
        Collections.rotate(holders, key.hashCode());
        return first(holders.subList(0, Math.min(TRIES, holders.size())), home -> borrow(home, ranges));
    }

    /** An address of these ranges, which are within one window: whoever has it. */
    private CompletionStage<OptionalInt> window(List<Cidr> ranges) {
        Cidr whole = ranges.size() == 1
                ? ranges.get(0)
                : PoolPlan.around(ranges.get(0).base(), PoolPlan.HOME_PREFIX);
        return node.network()
                .ask(new BlockQuestion.Find(whole))
                .handle((answer, _) -> Optional.ofNullable(answer))
                .thenCompose(answer -> step(() -> answer.isEmpty()
                        ? CompletableFuture.completedFuture(NONE)
                        : among(answer.get().leases(), ranges)));
    }

    private CompletionStage<OptionalInt> among(List<BlockLease> leases, List<Cidr> ranges) {
        List<Cidr> rest = ranges;
        for (BlockLease lease : leases) {
            rest = minus(rest, lease.block());
        }
        List<Cidr> unleased = rest;
        return first(leases, lease -> leased(lease, common(ranges, lease.block())))
                .thenCompose(found -> orElse(found, () -> unleased(unleased)));
    }

    /** In a block that a shard has. */
    private CompletionStage<OptionalInt> leased(BlockLease lease, List<Cidr> ranges) {
        if (ranges.isEmpty()) {
            return CompletableFuture.completedFuture(NONE);
        }
        return lease.shard() == shard.number() ? atHome(ranges) : borrow(lease.shard(), ranges);
    }

    /** In no block: one of a pool comes with its block, another from its home. */
    private CompletionStage<OptionalInt> unleased(List<Cidr> ranges) {
        List<Cidr> outside = ranges;
        for (List<Cidr> pool : node.plan().pools().values()) {
            for (Cidr range : pool) {
                outside = minus(outside, range);
            }
        }
        List<Cidr> foreign = outside;
        List<Cidr> pooled = ranges.stream()
                .filter(range -> node.plan().pool(range.base()) != null)
                .toList();
        return first(pooled, this::withItsBlock)
                .thenCompose(found -> found.isPresent() || foreign.isEmpty()
                        ? CompletableFuture.completedFuture(found)
                        : borrow(PoolPlan.home(foreign.get(0).base()), foreign));
    }

    private CompletionStage<OptionalInt> withItsBlock(Cidr range) {
        String pool = node.plan().pool(range.base());
        if (pool == null) {
            return CompletableFuture.completedFuture(NONE);
        }
        return node.upkeep()
                .moreBlocks(shard, pool, range.base(), () -> shard.addresses.blockAround(range.base()) != null)
                .thenCompose(_ -> step(() -> atHome(List.of(range))));
    }

    private CompletionStage<OptionalInt> borrow(int home, List<Cidr> ranges) {
        return node.network()
                .lend(home, ranges, key)
                .handle((lent, _) -> node.locked(() -> borrowed(home, Optional.ofNullable(lent))));
    }

    /**
     * What is not ours after all is given back only when the ids of the call have nothing and wait for nothing: a call
     * that has them now may have the same address, and the lender knows only the latest ticket. Else, and when no
     * answer came, the lender finds out by itself that the loan is not used.
     */
    private OptionalInt borrowed(int home, Optional<LenderCommand.Lent> answer) {
        if (answer.isEmpty() || answer.get().outcome() != LenderCommand.Lent.Outcome.LENT || !node.isCurrent(shard)) {
            return NONE;
        }
        LenderCommand.Lent lent = answer.get();
        if (over) {
            boolean alone = shard.searches.getOrDefault(key, List.of()).size() == 1;
            if (alone && shard.addresses.held(key).isEmpty()) {
                node.network().giveBack(home, key, lent.ticket());
            }
            return NONE;
        }
        shard.addresses.borrow(new ShardAddresses.Borrowed(lent.address(), key, home, lent.ticket()));
        return OptionalInt.of(lent.address());
    }

    // ---- one after the other

    private CompletionStage<OptionalInt> orElse(OptionalInt found, Step next) {
        return found.isPresent() ? CompletableFuture.completedFuture(found) : step(next);
    }

    @FunctionalInterface
    private interface Step {
        CompletionStage<OptionalInt> run();
    }

    private CompletionStage<OptionalInt> step(Step next) {
        return node.locked(() -> over || !node.isCurrent(shard) ? CompletableFuture.completedFuture(NONE) : next.run());
    }

    private <T> CompletionStage<OptionalInt> first(Iterable<T> places, Function<T, CompletionStage<OptionalInt>> look) {
        return first(places.iterator(), look);
    }

    private <T> CompletionStage<OptionalInt> first(Iterator<T> places, Function<T, CompletionStage<OptionalInt>> look) {
        if (!places.hasNext()) {
            return CompletableFuture.completedFuture(NONE);
        }
        return look.apply(places.next()).thenCompose(found -> orElse(found, () -> first(places, look)));
    }

    // ---- ranges

    /** What may be given of these ranges, by parts that have one home; the first few of them. */
    private List<List<Cidr>> windows(Collection<Cidr> ranges) {
        Map<Integer, List<Cidr>> windows = new LinkedHashMap<>();
        for (Cidr range : ranges) {
            for (Cidr hosts : hosts(range)) {
                int prefix = Math.max(hosts.length(), PoolPlan.HOME_PREFIX);
                long size = 1L << (32 - prefix);
                long end = BlockRegistryState.place(hosts.last());
                for (long base = BlockRegistryState.place(hosts.base()); base <= end; base += size) {
                    Cidr part = new Cidr((int) base, prefix);
                    int window = part.base() >>> (32 - PoolPlan.HOME_PREFIX);
                    if (windows.size() == TRIES && !windows.containsKey(window)) {
                        return List.copyOf(windows.values());
                    }
                    windows.computeIfAbsent(window, _ -> new ArrayList<>()).add(part);
                }
            }
        }
        return List.copyOf(windows.values());
    }

    /** Outside of the pools, which know their own, a range's first and last address are not for hosts. */
    private List<Cidr> hosts(Cidr range) {
        if (range.length() > 30 || range.length() == 0 || node.plan().overlapsPools(range)) {
            return List.of(range);
        }
        return minus(minus(List.of(range), new Cidr(range.base(), 32)), new Cidr(range.last(), 32));
    }

    private static List<Cidr> minus(List<Cidr> ranges, Cidr hole) {
        return ranges.stream().flatMap(range -> range.minus(hole).stream()).toList();
    }

    private static List<Cidr> common(List<Cidr> ranges, Cidr block) {
        return ranges.stream()
                .filter(block::overlaps)
                .map(range -> block.contains(range) ? range : block)
                .toList();
    }
}
