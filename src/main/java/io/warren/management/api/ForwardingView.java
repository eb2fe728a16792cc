package io.warren.management.api;

import java.util.List;

/**
 * The forwarding plane of a node since it started.
 *
 * @param plane the TUN device's name, or {@code null plane}
 * @param nullPlane whether only the gateway answers
 * @param entries calls that are forwarded
 * @param relays the other nodes of the cluster; none when there is no cluster
 * @param drops every reason, also with 0
 * @param contestedRoutes how often a call came with a route that another had
 */
public record ForwardingView(
        String plane,
        boolean nullPlane,
        int entries,
        TrafficView traffic,
        OffloadsView offloads,
        List<PortView> ports,
        List<WorkerView> workers,
        List<RelayView> relays,
        List<DropView> drops,
        long contestedRoutes) {
    public ForwardingView {
        ports = List.copyOf(ports);
        workers = List.copyOf(workers);
        relays = List.copyOf(relays);
        drops = List.copyOf(drops);
    }
}
