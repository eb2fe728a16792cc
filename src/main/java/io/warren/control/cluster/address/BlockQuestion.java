package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's owner asks the {@link BlockRegistry}. It asks one thing after the other, and may ask each again when
 * it gets no answer.
 */
public sealed interface BlockQuestion {
    /** We own this shard now: which blocks does it have? What was said of them under their old numbers is void. */
    record Claim(int shard) implements BlockQuestion {}

    /**
     * A block more for the shard.
     *
     * @param having the highest number of a lease that it knows of: when it has missed one, it gets no more than that
     * @param wished an address whose block is taken if it is free; null for any
     * @param onlyWished whether any other block is of no use
     */
    record Lease(
            int shard, long having, String pool, @Nullable Integer wished, boolean onlyWished)
            implements BlockQuestion {}

    /** The shard does not use the block of this lease any more, and will not. */
    record Return(int shard, long number) implements BlockQuestion {}

    /** Which blocks does the shard have? */
    record Show(int shard) implements BlockQuestion {}

    /** Who has blocks with addresses of this range? */
    record Find(Cidr range) implements BlockQuestion {}
}
