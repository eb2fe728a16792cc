package io.warren.control.cluster;

import java.util.List;
import java.util.Set;

/**
 * The cluster as this node knows it at one moment.
 *
 * @param draining names of other nodes that are to lose their shards
 * @param reports the latest of each node, our own too
 */
public record ClusterPicture(ShardHolders holders, Set<String> draining, List<NodeReport> reports) {}
