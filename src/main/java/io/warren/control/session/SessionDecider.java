package io.warren.control.session;

import io.warren.control.Moment;

/** Decides for one call; owns no timer, socket or actor. RFC 2661 §7.4. */
public final class SessionDecider {
    private SessionDecider() {}

    public static SessionDecision decide(
            SessionState state, SessionInput input, SessionSettings settings, Moment moment) {
        throw new UnsupportedOperationException();
    }

    /** Folds an event of the journal into the state. */
    public static SessionState evolve(SessionState state, SessionEvent event) {
        throw new UnsupportedOperationException();
    }

    /** When {@link SessionInput.Tick} is due next, in monotonic nanoseconds; {@link Long#MAX_VALUE} for never. */
    public static long deadline(SessionState state) {
        throw new UnsupportedOperationException();
    }
}
