package io.warren.control.tunnel;

/** Where a control connection is (RFC 2661 §7.2). */
public sealed interface TunnelState {
    /** Nothing is known: the state before the first message. */
    record Idle(int tunnelId) implements TunnelState {}
}
