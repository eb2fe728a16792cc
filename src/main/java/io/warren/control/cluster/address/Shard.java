package io.warren.control.cluster.address;

import akka.Done;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A shard of this node, and what is under way for it; or one that is on its way here, for which calls wait. Guarded by
 * {@link ClusterAddresses}.
 */
final class Shard {
    final ShardAddresses addresses;
    /** Calls from the journal, until the shard is ready. */
    final Map<SessionKey, Set<Integer>> restoring = new HashMap<>();
    /** Completed when all that is in use is known. */
    final CompletableFuture<Done> ready = new CompletableFuture<>();

    final Map<SessionKey, List<AddressSearch>> searches = new HashMap<>();
    /** Addresses of restored calls whose loan is being confirmed. */
    final Set<Integer> confirming = new HashSet<>();
    /** Loans that stood in somebody's way. */
    final Set<Loan> suspects = new LinkedHashSet<>();

    /** The latest question to the registry; the next one waits for its answer. */
    CompletableFuture<Done> conversation = CompletableFuture.completedFuture(Done.getInstance());

    boolean preparing;
    private boolean owned;
    /** Pools that had no block left, until when, in monotonic nanoseconds. */
    final Map<String, Long> exhausted = new HashMap<>();

    List<Integer> holders = new ArrayList<>();
    long nextReview;
    long nextShow;

    Shard(ShardAddresses addresses) {
        this.addresses = addresses;
    }

    /** It is this node's from now on, with these calls. */
    void own(Map<SessionKey, List<Integer>> calls) {
        owned = true;
        calls.forEach((key, addresses) -> restoring.put(key, new HashSet<>(addresses)));
    }

    boolean isOwned() {
        return owned;
    }

    boolean isReady() {
        return ready.isDone();
    }

    int number() {
        return addresses.shard();
    }

    boolean isExhausted(@Nullable String pool, long now) {
        Long until = pool == null ? null : exhausted.get(pool);
        return until != null && until - now > 0;
    }
}
