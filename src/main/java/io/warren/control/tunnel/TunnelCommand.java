package io.warren.control.tunnel;

import akka.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a {@link TunnelEntity} receives. */
public sealed interface TunnelCommand {
    /** Decide about this. */
    record Decide(TunnelInput input) implements TunnelCommand {}

    /**
     * An operator asks: say how the tunnel is now, then decide about this.
     *
     * @param input null for the answer alone
     */
    record Ask(@Nullable TunnelInput input, ActorRef<TunnelAnswer> replyTo) implements TunnelCommand {}

    /** Decide about all that came since the last time. */
    record Flush() implements TunnelCommand {}

    /** The alarm rang: a deadline may have passed. */
    record Wake() implements TunnelCommand {}

    /** The shard moves, or the node stops: be silent from now on. The tunnel goes on elsewhere. */
    record HandOff() implements TunnelCommand {}
}
