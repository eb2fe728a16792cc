package io.warren.control.cluster;

import akka.actor.typed.Scheduler;
import io.warren.control.ingress.LiveCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import scala.concurrent.ExecutionContext;

/**
 * Makes one read of the journal out of the wishes of all keepers that start together: a node that takes over a third of
 * the cluster's shards asks once. Safe to use from any thread.
 */
final class ShardReads {
    private static final Duration TOGETHER = Duration.ofMillis(20);

    private final ShardJournal journal;
    private final Scheduler scheduler;
    private final ExecutionContext executor;
    private Map<Integer, CompletableFuture<LiveCalls>> wished = new HashMap<>();

    ShardReads(ShardJournal journal, Scheduler scheduler, ExecutionContext executor) {
        this.journal = journal;
        this.scheduler = scheduler;
        this.executor = executor;
    }

    /** What lives in the shard, read after now. */
    synchronized CompletionStage<LiveCalls> read(int shard) {
        if (wished.isEmpty()) {
            var _ = scheduler.scheduleOnce(TOGETHER, this::readAll, executor);
        }
        return wished.computeIfAbsent(shard, _ -> new CompletableFuture<>());
    }

    private void readAll() {
        Map<Integer, CompletableFuture<LiveCalls>> now = take();
        CompletionStage<LiveCalls> read;
        try {
            read = journal.read(now.keySet());
        } catch (RuntimeException e) {
            read = CompletableFuture.failedStage(e);
        }
        read.whenComplete((calls, failure) -> {
            if (failure != null) {
                now.values().forEach(wish -> wish.completeExceptionally(failure));
            } else {
                Map<Integer, LiveCalls> parts = calls.byShard();
                now.forEach((shard, wish) -> wish.complete(parts.getOrDefault(shard, new LiveCalls())));
            }
        });
    }

    private synchronized Map<Integer, CompletableFuture<LiveCalls>> take() {
        Map<Integer, CompletableFuture<LiveCalls>> now = Map.copyOf(wished);
        wished = new HashMap<>();
        return now;
    }
}
