package io.warren.control.tunnel;

/** What a {@link TunnelEntity} receives. */
public sealed interface TunnelCommand {
    /** Decide about this. */
    record Decide(TunnelInput input) implements TunnelCommand {}

    /** Decide about all that came since the last time. */
    record Flush() implements TunnelCommand {}

    /** The alarm rang: a deadline may have passed. */
    record Wake() implements TunnelCommand {}

    /** The shard moves, or the node stops: be silent from now on. The tunnel goes on elsewhere. */
    record HandOff() implements TunnelCommand {}
}
