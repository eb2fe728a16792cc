package io.warren.control.tunnel;

import java.util.List;

/** The shortest journal that leads to a tunnel's present state: what is stored in place of a long one. */
public record TunnelSnapshot(List<TunnelEvent> events) {}
