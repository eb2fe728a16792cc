package io.warren.management.api;

/**
 * A node as a member of a cluster.
 *
 * @param name host:port by which the members know each other
 * @param status joining, up, leaving, exiting, down, removed
 * @param draining whether it gives its shards away and takes no new tunnels
 * @param shards that it has
 */
public record MemberView(String name, String status, boolean draining, int shards) {}
