package io.warren.control.cluster;

/** What nodes of a cluster say to each other; all of it is written and read by one serializer. */
public interface ClusterMessage {}
