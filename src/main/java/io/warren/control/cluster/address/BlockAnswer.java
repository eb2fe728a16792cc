package io.warren.control.cluster.address;

import io.warren.control.cluster.ClusterMessage;
import java.util.List;

/**
 * What the registry knows after the question has had its effect.
 *
 * @param leases all of the shard that asked; for {@link BlockQuestion.Find} those in the range
 * @param holders when no block was left: the other shards that have some of that pool
 */
public record BlockAnswer(List<BlockLease> leases, List<Integer> holders) implements ClusterMessage {
    public BlockAnswer {
        leases = List.copyOf(leases);
        holders = List.copyOf(holders);
    }
}
