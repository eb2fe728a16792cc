package io.warren.control.cluster.address;

import java.util.List;

/** What the journal of the blocks amounts to, stored in place of a long one. */
public record BlockSnapshot(long next, List<BlockLease> leases) {
    public BlockSnapshot {
        leases = List.copyOf(leases);
    }

    static BlockSnapshot of(BlockRegistryState state) {
        return new BlockSnapshot(state.next(), List.copyOf(state.leases().values()));
    }

    BlockRegistryState restore() {
        BlockRegistryState state = BlockRegistryState.EMPTY;
        for (BlockLease lease : leases) {
            state = new BlockRegistryState(state.leases(), state.counts(), lease.number())
                    .plus(lease.block(), lease.shard());
        }
        return new BlockRegistryState(state.leases(), state.counts(), next);
    }
}
