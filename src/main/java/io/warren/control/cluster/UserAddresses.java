package io.warren.control.cluster;

import java.util.Map;

/**
 * The addresses that users have just got on the node that says so.
 *
 * @param addresses by the user's name, as big-endian ints
 */
public record UserAddresses(Map<String, Integer> addresses) implements ClusterMessage, Board.Command {}
