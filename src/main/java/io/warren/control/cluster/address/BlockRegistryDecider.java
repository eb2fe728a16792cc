package io.warren.control.cluster.address;

import io.warren.config.Cidr;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who gets which block. Knows no time but what it is told. */
final class BlockRegistryDecider {
    private BlockRegistryDecider() {}

    /** What is to be written before the question is answered; null for nothing. */
    static @Nullable BlockEvent decide(BlockRegistryState state, PoolPlan plan, BlockQuestion question, Instant now) {
        return switch (question) {
            case BlockQuestion.Claim(int shard) ->
                // who has none gets fresh numbers anyway
                state.of(shard).isEmpty() ? null : new BlockEvent.BlocksClaimed(now, shard);
            case BlockQuestion.Lease lease -> lease(state, plan, lease, now);
            case BlockQuestion.Return(int shard, long number) -> {
                for (BlockLease held : state.of(shard)) {
                    if (held.number() == number) {
                        yield new BlockEvent.BlockReturned(
                                now, shard, held.block().base());
                    }
                }
                yield null;
            }
            case BlockQuestion.Show _, BlockQuestion.Find _ -> null;
        };
    }

    static BlockRegistryState evolve(BlockRegistryState state, BlockEvent event) {
        return switch (event) {
            case BlockEvent.BlockLeased(var _, int shard, int first, int prefix) ->
                state.plus(new Cidr(first, prefix), shard);
            case BlockEvent.BlockReturned(var _, var _, int first) -> state.minus(first);
            case BlockEvent.BlocksClaimed(var _, int shard) -> state.renumbered(shard);
        };
    }

    /** After what was decided is in the journal. */
    static BlockAnswer answer(BlockRegistryState state, PoolPlan plan, BlockQuestion question) {
        return switch (question) {
            case BlockQuestion.Claim(int shard) -> new BlockAnswer(state.of(shard), List.of());
            case BlockQuestion.Lease lease -> {
                List<BlockLease> own = state.of(lease.shard());
                boolean given = own.stream().anyMatch(one -> one.number() > lease.having());
                yield new BlockAnswer(
                        own, given ? List.of() : holders(state, plan.ranges(lease.pool()), lease.shard()));
            }
            case BlockQuestion.Return(int shard, long _) -> new BlockAnswer(state.of(shard), List.of());
            case BlockQuestion.Show(int shard) -> new BlockAnswer(state.of(shard), List.of());
            case BlockQuestion.Find(Cidr range) -> new BlockAnswer(state.overlapping(range), List.of());
        };
    }

    private static @Nullable BlockEvent lease(
            BlockRegistryState state, PoolPlan plan, BlockQuestion.Lease question, Instant now) {
        boolean missedOne = state.of(question.shard()).stream().anyMatch(lease -> lease.number() > question.having());
        if (missedOne) {
            return null; // the answer to this question, sent before, was lost
        }
        Integer wished = question.wished();
        List<Cidr> ranges = plan.ranges(question.pool());
        Cidr block = null;
        if (wished != null && ranges.stream().anyMatch(range -> range.contains(wished))) {
            block = plan.block(wished)
                    .filter(wish -> state.overlapping(wish).isEmpty())
                    .orElse(null);
        }
        if (block == null && !question.onlyWished()) {
            block = firstFree(state, plan, ranges);
        }
        return block == null ? null : new BlockEvent.BlockLeased(now, question.shard(), block.base(), block.length());
    }

    private static @Nullable Cidr firstFree(BlockRegistryState state, PoolPlan plan, List<Cidr> ranges) {
        for (Cidr range : ranges) {
            int prefix = plan.blockPrefix(range);
            long size = 1L << (32 - prefix);
            long end = BlockRegistryState.place(range.last());
            for (long first = BlockRegistryState.place(range.base()); first <= end; first += size) {
                Cidr block = new Cidr((int) first, prefix);
                List<BlockLease> inTheWay = state.overlapping(block);
                if (inTheWay.isEmpty()) {
                    return block;
                }
            }
        }
        return null;
    }

    /** The other shards that have addresses of these ranges. */
    private static List<Integer> holders(BlockRegistryState state, List<Cidr> ranges, int shard) {
        return ranges.stream()
                .flatMap(range -> state.overlapping(range).stream())
                .map(BlockLease::shard)
                .filter(other -> other != shard)
                .distinct()
                .toList();
    }
}
