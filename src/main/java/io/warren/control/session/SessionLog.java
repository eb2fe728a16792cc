package io.warren.control.session;

/** Writes what happened to a call where an operator reads it: one line per event. */
@FunctionalInterface
public interface SessionLog {
    void happened(SessionState state, SessionEvent event);
}
