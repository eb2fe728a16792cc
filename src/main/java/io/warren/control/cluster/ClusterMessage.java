package io.warren.control.cluster;

/** What goes from node to node: plain records, written as CBOR. All nodes of a rolling upgrade must understand them. */
public interface ClusterMessage {}
