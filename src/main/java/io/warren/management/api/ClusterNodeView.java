package io.warren.management.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster.
 *
 * @param name host:port by which the members know each other
 * @param relay where it takes packets from the other nodes; null when it has not said so yet
 * @param status joining, up, leaving, exiting, down, or removed for one whose shards nobody has taken yet
 * @param reachable whether the cluster's heartbeats come
 * @param silent whether its relay was not heard of lately; its standbys forward then. Never of the node itself
 * @param self whether it is the node that was asked
 * @param draining whether it gives its shards away and takes no new tunnels
 * @param sessions calls; null when it has not told
 * @param owns its shards
 * @param standsByFor shards for which it forwards while their owner is silent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterNodeView(
        String name,
        @Nullable String relay,
        String status,
        boolean reachable,
        boolean silent,
        boolean self,
        boolean draining,
        @Nullable Integer sessions,
        List<Integer> owns,
        List<Integer> standsByFor) {
    public ClusterNodeView {
        owns = List.copyOf(owns);
        standsByFor = List.copyOf(standsByFor);
    }
}
