package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one shard of this node has: blocks with the addresses in use, what it has lent of them and of its addresses
 * outside of the pools, and what its calls have borrowed. Asks nobody; not synchronised.
 */
final class ShardAddresses {
    private final int shard;
    private final PoolPlan plan;
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    /** Addresses of our blocks, to our calls that have them. */
    private final Map<Integer, SessionKey> owners = new HashMap<>();
    /** Addresses lent; while the loan is being written, to {@link #UNWRITTEN}. */
    private final Map<Integer, Loan> lent = new HashMap<>();

    private final Map<Integer, Borrowed> borrowed = new HashMap<>();
    private final Map<SessionKey, Set<Integer>> ofCall = new HashMap<>();
    private long having;

    private static final Loan UNWRITTEN = new Loan(0, new SessionKey(0, 0), 0);

    /**
     * What one of our calls has of another shard, or of ours outside of the pools.
     *
     * @param home who lent it; {@link #UNKNOWN} for a call from the journal whose loan is not confirmed yet
     * @param ticket as in {@link Loan}
     */
    record Borrowed(int address, SessionKey key, int home, long ticket) {
        static final int UNKNOWN = -1;
    }

    ShardAddresses(int shard, PoolPlan plan) {
        this.shard = shard;
        this.plan = plan;
    }

    int shard() {
        return shard;
    }

    /** The highest number of a lease that we know of. */
    long having() {
        return having;
    }

    Collection<Block> blocks() {
        return blocks.values();
    }

    Collection<Borrowed> borrowed() {
        return borrowed.values();
    }

    /** Addresses of our blocks that our own calls have. */
    Set<Integer> owned() {
        return owners.keySet();
    }

    List<Loan> loans() {
        return lent.values().stream().filter(loan -> !loan.equals(UNWRITTEN)).toList();
    }

    /**
     * Takes over what the registry says. A block that it does not list is gone: we gave it back.
     *
     * @return whether there is another block than before
     */
    boolean adopt(List<BlockLease> leases, long now) {
        boolean more = false;
        Set<Long> listed = new HashSet<>();
        for (BlockLease lease : leases) {
            long place = BlockRegistryState.place(lease.block().base());
            listed.add(place);
            Block known = blocks.get(place);
            if (known == null) {
                blocks.put(place, new Block(lease, plan, now));
                more = true;
            } else {
                known.renumber(lease.number());
            }
            having = Math.max(having, lease.number());
        }
        blocks.keySet().removeIf(place -> !listed.contains(place));
        return more;
    }

    /** What this call has of these ranges. */
    OptionalInt held(SessionKey key, Collection<Cidr> ranges) {
        return ofCall.getOrDefault(key, Set.of()).stream()
                .mapToInt(Integer::intValue)
                .filter(address -> ranges.stream().anyMatch(range -> range.contains(address)))
                .findFirst();
    }

    boolean holds(SessionKey key, int address) {
        return ofCall.getOrDefault(key, Set.of()).contains(address);
    }

    List<Integer> held(SessionKey key) {
        return List.copyOf(ofCall.getOrDefault(key, Set.of()));
    }

    /** Gives a call an address of our blocks. */
    OptionalInt takeAny(SessionKey key, Collection<Cidr> ranges) {
        OptionalInt address = reserveInBlocks(ranges);
        address.ifPresent(taken -> own(key, taken));
        return address;
    }

    boolean take(SessionKey key, int address) {
        Block block = blockAround(address);
        if (block == null || !block.take(address)) {
            return false;
        }
        own(key, address);
        return true;
    }

    /**
     * A call from the journal has this address of our blocks.
     *
     * @return false when another call has it, or when it is not of our blocks
     */
    boolean restore(SessionKey key, int address) {
        Block block = blockAround(address);
        SessionKey owner = owners.get(address);
        if (block == null || lent.containsKey(address) || (owner != null && !owner.equals(key))) {
            return false;
        }
        block.occupy(address);
        own(key, address);
        return true;
    }

    void borrow(Borrowed loan) {
        borrowed.put(loan.address(), loan);
        ofCall.computeIfAbsent(loan.key(), _ -> new HashSet<>()).add(loan.address());
    }

    @Nullable
    Borrowed borrowed(int address) {
        return borrowed.get(address);
    }

    /**
     * The call does not have it any more.
     *
     * @return what is to be given back to another shard; null for nothing
     */
    @Nullable
    Borrowed release(SessionKey key, int address, long now) {
        Set<Integer> held = ofCall.get(key);
        if (held == null || !held.remove(address)) {
            return null;
        }
        if (held.isEmpty()) {
            ofCall.remove(key);
        }
        if (owners.remove(address, key)) {
            vacate(address, now);
            return null;
        }
        return borrowed.remove(address);
    }

    /** Takes an address for a loan: of our blocks, or one outside of the pools of which we are the home. */
    OptionalInt reserve(Collection<Cidr> ranges) {
        OptionalInt address = reserveInBlocks(ranges);
        if (address.isEmpty()) {
            address = reserveOutside(ranges);
        }
        address.ifPresent(taken -> lent.put(taken, UNWRITTEN));
        return address;
    }

    void lent(Loan loan) {
        Block block = blockAround(loan.address());
        if (block != null) {
            block.occupy(loan.address());
        }
        lent.put(loan.address(), loan);
    }

    void returned(Loan loan, long now) {
        if (lent.remove(loan.address(), loan)) {
            vacate(loan.address(), now);
        }
    }

    /** These are all our loans. */
    void restoreLoans(Collection<Loan> loans, long now) {
        Set<Integer> old = new HashSet<>(lent.keySet());
        lent.clear();
        loans.forEach(this::lent);
        for (int address : old) {
            if (!lent.containsKey(address)) {
                vacate(address, now);
            }
        }
    }

    /** The addresses of these ranges that we have lent. */
    List<Loan> loansWithin(Collection<Cidr> ranges) {
        return loans().stream()
                .filter(loan -> ranges.stream().anyMatch(range -> range.contains(loan.address())))
                .toList();
    }

    /** How many addresses of a pool are free here. */
    int free(String pool) {
        return blocks.values().stream()
                .filter(block -> pool.equals(block.pool()))
                .mapToInt(Block::free)
                .sum();
    }

    int usable(String pool) {
        return blocks.values().stream()
                .filter(block -> pool.equals(block.pool()))
                .mapToInt(Block::usable)
                .sum();
    }

    /**
     * A block to give back: empty since then, and not the last one of its pool unless the operator has removed that.
     * There must be plenty without it, or the next call would fetch another one.
     *
     * @param then in monotonic nanoseconds
     */
    @Nullable
    Block spare(long then) {
        Map<String, Integer> staying = new HashMap<>();
        for (Block block : blocks.values()) {
            if (block.pool() != null && !block.isLeaving()) {
                staying.merge(block.pool(), 1, Integer::sum);
            }
        }
        List<Block> candidates = new ArrayList<>(blocks.values());
        for (Block block : candidates.reversed()) {
            if (block.isLeaving()) {
                return block;
            }
            boolean removed = block.pool() == null && block.inUse() == 0;
            boolean idle = block.pool() != null
                    && block.isEmptySince(then)
                    && staying.getOrDefault(block.pool(), 0) > 1
                    && isEnough(free(block.pool()) - block.free(), usable(block.pool()) - block.usable());
            if (removed || idle) {
                return block;
            }
        }
        return null;
    }

    private static boolean isEnough(int free, int usable) {
        return free * 4 >= usable;
    }

    private OptionalInt reserveInBlocks(Collection<Cidr> ranges) {
        for (Block block : blocks.values()) {
            if (ranges.stream().anyMatch(block.range()::overlaps)) {
                OptionalInt address = block.takeAny(ranges);
                if (address.isPresent()) {
                    return address;
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Outside of the pools there may be many: only so much of each range is looked at as has one home. */
    private OptionalInt reserveOutside(Collection<Cidr> ranges) {
        for (Cidr range : ranges) {
            if (range.length() < PoolPlan.HOME_PREFIX || PoolPlan.home(range.base()) != shard) {
                continue;
            }
            for (int address = range.base(); address != range.last() + 1; address++) {
                if (blockAround(address) == null
                        && plan.pool(address) == null
                        && plan.isHost(address)
                        && !lent.containsKey(address)) {
                    return OptionalInt.of(address);
                }
            }
        }
        return OptionalInt.empty();
    }

    private void own(SessionKey key, int address) {
        owners.put(address, key);
        ofCall.computeIfAbsent(key, _ -> new HashSet<>()).add(address);
    }

    private void vacate(int address, long now) {
        Block block = blockAround(address);
        if (block != null) {
            block.free(address, now);
        }
    }

    @Nullable
    Block blockAround(int address) {
        Map.Entry<Long, Block> before = blocks.floorEntry(BlockRegistryState.place(address));
        return before != null && before.getValue().range().contains(address) ? before.getValue() : null;
    }
}
