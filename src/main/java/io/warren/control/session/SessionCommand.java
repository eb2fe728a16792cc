package io.warren.control.session;

import akka.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a {@link SessionEntity} receives. */
public sealed interface SessionCommand {
    /** Decide about this. */
    record Decide(SessionInput input) implements SessionCommand {}

    /**
     * An operator asks: say how the call is now, then decide about this.
     *
     * @param input null for the answer alone
     */
    record Ask(@Nullable SessionInput input, ActorRef<SessionAnswer> replyTo) implements SessionCommand {}

    /** The alarm rang: a deadline may have passed. */
    record Wake() implements SessionCommand {}

    /** The shard moves, or the node stops: be silent from now on. The call goes on elsewhere. */
    record HandOff() implements SessionCommand {}
}
