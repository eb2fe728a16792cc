package io.warren.control.tunnel;

import java.util.List;

/** The outcome of one input: the state as it is now, what the journal must hold first, and what to do then. */
public record TunnelDecision(TunnelState state, List<TunnelEvent> events, List<TunnelEffect> effects) {}
