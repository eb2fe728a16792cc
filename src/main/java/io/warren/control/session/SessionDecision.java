package io.warren.control.session;

import java.util.List;

/** The outcome of one input: the state as it is now, what the journal must hold first, and what to do then. */
public record SessionDecision(SessionState state, List<SessionEvent> events, List<SessionEffect> effects) {}
