package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionAnswer;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionInput;
import io.warren.control.tunnel.TunnelAnswer;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelEntity;
import io.warren.control.tunnel.TunnelInput;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks for tunnels and calls that live on other nodes, through their shard's region. For an operator's questions, not for
 * packets. An owner that does not answer in time makes the stage fail.
 */
final class Elsewhere {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A node by itself: what is not here is nowhere. */
    static final Elsewhere NOWHERE = new Elsewhere(null, _ -> true);

    private final @Nullable ActorSystem<?> system;
    private final IntPredicate ours;

    /** @param ours whether a shard is on this node, so that what is not known here does not exist */
    Elsewhere(@Nullable ActorSystem<?> system, IntPredicate ours) {
        this.system = system;
        this.ours = ours;
    }

    /** @param input what the tunnel is to decide about, after it has said how it is; null for nothing */
    CompletionStage<Optional<TunnelAnswer>> ask(int tunnelId, @Nullable TunnelInput input) {
        ActorSystem<?> members = system;
        if (members == null || ours.test(Placement.shardOf(tunnelId))) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return ClusterSharding.get(members)
                .entityRefFor(TunnelEntity.KEY, Integer.toString(tunnelId))
                .<TunnelAnswer>ask(replyTo -> new TunnelCommand.Ask(input, replyTo), PATIENCE)
                .thenApply(answer -> Optional.of(answer).filter(TunnelAnswer::known));
    }

    /** @param input what the call is to decide about, after it has said how it is; null for nothing */
    CompletionStage<Optional<SessionAnswer>> ask(SessionKey key, @Nullable SessionInput input) {
        ActorSystem<?> members = system;
        if (members == null || ours.test(Placement.shardOf(key.tunnelId()))) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return ClusterSharding.get(members)
                .entityRefFor(SessionEntity.KEY, key.toString())
                .<SessionAnswer>ask(replyTo -> new SessionCommand.Ask(input, replyTo), PATIENCE)
                .thenApply(answer -> Optional.of(answer).filter(SessionAnswer::known));
    }
}
