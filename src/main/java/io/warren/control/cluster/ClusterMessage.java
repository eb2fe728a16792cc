package io.warren.control.cluster;

/** What nodes of a cluster say to each other: everything that implements it can be sent from one to another. */
public interface ClusterMessage {}
