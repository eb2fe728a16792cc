package io.warren.control.cluster;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The subscribers' addresses of the shards that this node owns. Safe to call from any thread. */
public interface ShardAddresses {
    /** Of a cluster without any. */
    ShardAddresses NONE = new ShardAddresses() {
        @Override
        public CompletionStage<?> arriving(int shard) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public void left(int shard) {}

        @Override
        public AddressReport report() {
            return AddressReport.NONE;
        }
    };

    /**
     * The shard is about to be announced as ours, and its calls' addresses are marked as leased. Completes when {@link
     * #report} has the shard's addresses; the announcement waits for that, but not for long.
     */
    CompletionStage<?> arriving(int shard);

    /** Another node has the shard. */
    void left(int shard);

    /** What all nodes are to know. The same object as before when nothing has changed. */
    AddressReport report();
}
