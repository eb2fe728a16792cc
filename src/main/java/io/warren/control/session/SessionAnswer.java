package io.warren.control.session;

import io.warren.control.port.SessionCounters;

/**
 * The answer to {@link SessionCommand.Ask}.
 *
 * @param known whether there is such a call, perhaps one that ended just now
 * @param up whether its packets are forwarded, so that it can be put under other limits
 */
public record SessionAnswer(boolean known, boolean up, SessionView view, SessionCounters counters) {
    static SessionAnswer of(SessionState state, SessionCounters counters) {
        return new SessionAnswer(
                !(state instanceof SessionState.Idle),
                SessionDecider.forwardingEntry(state) != null,
                SessionView.of(state),
                counters);
    }
}
