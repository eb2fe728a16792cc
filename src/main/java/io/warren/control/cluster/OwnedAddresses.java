package io.warren.control.cluster;

import io.warren.control.port.SessionKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The subscribers' addresses of the shards that this node owns. Safe to call from any thread. */
public interface OwnedAddresses {
    /** Of a cluster without any. */
    OwnedAddresses NONE = new OwnedAddresses() {
        @Override
        public CompletionStage<?> arriving(int shard, Map<SessionKey, List<Integer>> leased) {
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
     * The shard is about to be announced as ours. Completes when {@link #report} has the shard's addresses; the
     * announcement waits for that, but not for long.
     *
     * @param leased the addresses that its calls have, as the journal knows them
     */
    CompletionStage<?> arriving(int shard, Map<SessionKey, List<Integer>> leased);

    /** Another node has the shard. */
    void left(int shard);

    /** What all nodes are to know. The same object as before when nothing has changed. */
    AddressReport report();
}
