package io.warren.management.api;

import java.util.Map;

/**
 * The forwarding plane of a node since it started.
 *
 * @param plane the TUN device's name, or {@code null plane}
 * @param nullPlane whether only the gateway answers
 * @param entries calls that are forwarded
 * @param dropsByReason packets dropped, by reason
 */
public record ForwardingView(
        String plane, boolean nullPlane, int entries, TrafficView traffic, Map<String, Long> dropsByReason) {
    public ForwardingView {
        dropsByReason = Map.copyOf(dropsByReason);
    }
}
