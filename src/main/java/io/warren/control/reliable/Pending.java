package io.warren.control.reliable;

import io.warren.wire.Bytes;

/**
 * A message of ours that the peer has not acknowledged.
 *
 * @param transmissions how often it has been on the wire, 0 while it waits for the window
 * @param lastSentAt monotonic nanoseconds; meaningless while {@code transmissions} is 0
 */
record Pending(int sessionId, Bytes body, boolean hello, int transmissions, long lastSentAt) {
    static Pending of(int sessionId, Bytes body, boolean hello) {
        return new Pending(sessionId, body, hello, 0, 0);
    }

    Pending sent(long now) {
        return new Pending(sessionId, body, hello, transmissions + 1, now);
    }

    Pending forgotten() {
        return of(sessionId, body, hello);
    }

    /** When to send it again: the wait doubles with each transmission up to the cap. */
    long dueAt(RetransmitPolicy policy) {
        return lastSentAt + policy.waitAfter(transmissions).toNanos();
    }
}
