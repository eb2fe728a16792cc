package io.warren.control.session;

import io.warren.control.port.SessionKey;

/** Where a call is (RFC 2661 §7.4). */
public sealed interface SessionState {
    /** Nothing is known: the state before the tunnel offered the call. */
    record Idle(SessionKey key) implements SessionState {}
}
