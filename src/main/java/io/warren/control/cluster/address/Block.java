package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import java.util.BitSet;
import java.util.Collection;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A block that a shard of this node has: which of its addresses are in use. Not synchronised. */
final class Block {
    private final Cidr range;
    private final @Nullable String pool;
    private final int size;
    /** Addresses that nobody may have. */
    private final BitSet barred = new BitSet();

    private final BitSet used = new BitSet();
    private int usable;
    private long number;
    private long emptySince;
    private boolean leaving;
    private int cursor;

    /** @param now monotonic nanoseconds */
    Block(BlockLease lease, PoolPlan plan, long now) {
        range = lease.block();
        size = range.last() - range.base() + 1;
        pool = plan.pool(range.base());
        number = lease.number();
        emptySince = now;
        for (int place = 0; place < size; place++) {
            int address = range.base() + place;
            if (plan.pool(address) == null || !plan.isHost(address)) {
                barred.set(place);
            }
        }
        usable = size - barred.cardinality();
    }

    Cidr range() {
        return range;
    }

    /** Whose addresses they are; null when the operator has taken the range out of the pools. */
    @Nullable
    String pool() {
        return pool;
    }

    long number() {
        return number;
    }

    /** What was said of it under its old number, a return not yet carried out above all, is void. */
    void renumber(long now) {
        if (now != number) {
            number = now;
            leaving = false;
        }
    }

    /** How many addresses it can still give. */
    int free() {
        return leaving ? 0 : usable - used.cardinality();
    }

    int usable() {
        return usable;
    }

    int inUse() {
        return used.cardinality();
    }

    boolean isLeaving() {
        return leaving;
    }

    /** From now on it gives no address: it is on its way back to the registry. */
    void leave() {
        leaving = true;
    }

    /** Whether it has been empty since then, in monotonic nanoseconds, or longer. */
    boolean isEmptySince(long then) {
        return used.isEmpty() && emptySince - then <= 0;
    }

    /** Takes an address of these ranges, the one that was free for the longest time, roughly: the search goes round. */
    OptionalInt takeAny(Collection<Cidr> ranges) {
        if (free() == 0) {
            return OptionalInt.empty();
        }
        for (int step = 0; step < size; step++) {
            int place = (cursor + step) & size - 1;
            int address = range.base() + place;
            if (isFree(place) && ranges.stream().anyMatch(wanted -> wanted.contains(address))) {
                cursor = place + 1 & size - 1;
                used.set(place);
                return OptionalInt.of(address);
            }
        }
        return OptionalInt.empty();
    }

    boolean take(int address) {
        int place = address - range.base();
        if (leaving || !isFree(place)) {
            return false;
        }
        used.set(place);
        return true;
    }

    /** Marks it as in use, whatever speaks against it. */
    void occupy(int address) {
        used.set(address - range.base());
    }

    void free(int address, long now) {
        used.clear(address - range.base());
        if (used.isEmpty()) {
            emptySince = now;
        }
    }

    private boolean isFree(int place) {
        return !barred.get(place) && !used.get(place);
    }
}
