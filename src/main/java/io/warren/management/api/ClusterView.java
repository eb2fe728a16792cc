package io.warren.management.api;

import java.util.List;

/**
 * The cluster, as one node sees it.
 *
 * @param shards how many there are; each holds 256 Tunnel IDs
 * @param unowned those that no node has, for the moment
 */
public record ClusterView(List<ClusterNodeView> nodes, int shards, List<Integer> unowned) {
    public ClusterView {
        nodes = List.copyOf(nodes);
        unowned = List.copyOf(unowned);
    }
}
