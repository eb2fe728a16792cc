package io.warren.control.session;

/** What a {@link SessionEntity} receives. */
public sealed interface SessionCommand {
    /** Decide about this. */
    record Decide(SessionInput input) implements SessionCommand {}

    /** The alarm rang: a deadline may have passed. */
    record Wake() implements SessionCommand {}

    /** The shard moves, or the node stops: be silent from now on. The call goes on elsewhere. */
    record HandOff() implements SessionCommand {}
}
