package io.warren.control.cluster;

/**
 * From a shard's standby to its owner.
 *
 * @param from the standby
 * @param number of the batch that it answers
 * @param again something is missing: begin again with a snapshot
 */
public record StandbyAnswer(String from, int shard, long epoch, long number, boolean again)
        implements ClusterMessage, Board.Command {}
