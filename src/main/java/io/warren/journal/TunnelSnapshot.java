package io.warren.journal;

import io.warren.control.tunnel.TunnelEvent;
import java.util.List;

/**
 * A tunnel's state as the shortest list of events that rebuilds it: the tunnel's own and those of its live calls. What
 * replaces the long journal of a tunnel that has seen many calls; there is no second stored form of the state.
 */
public record TunnelSnapshot(List<TunnelEvent> events) {
    public TunnelSnapshot {
        events = List.copyOf(events);
    }
}
