package io.warren.control.cluster;

/** Reaches the boards of other nodes, by the nodes' names. What cannot be delivered is lost. */
@FunctionalInterface
interface OtherNodes {
    void tell(String node, ClusterMessage message);
}
