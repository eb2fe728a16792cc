package io.warren.control.cluster;

import io.warren.control.ingress.LiveCalls;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Reads what lives in some shards. */
@FunctionalInterface
public interface ShardJournal {
    /**
     * One consistent look at the journal: a call must not be seen without the tunnel that knows it. Fails when the
     * database does not answer.
     */
    CompletionStage<LiveCalls> read(Set<Integer> shards);
}
