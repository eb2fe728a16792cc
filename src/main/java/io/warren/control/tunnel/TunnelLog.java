package io.warren.control.tunnel;

/** Writes what happened to a tunnel where an operator reads it: one line per event. */
@FunctionalInterface
public interface TunnelLog {
    void happened(TunnelState state, TunnelEvent event);
}
