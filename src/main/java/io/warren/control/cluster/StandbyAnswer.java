package io.warren.control.cluster;

import io.warren.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * From a shard's standby to its owner.
 *
 * @param from the standby
 * @param number of the batch that it answers; {@link #UNASKED} when it answers none
 * @param again something is missing: begin again with a snapshot
 * @param meters what the sender has counted of the shard's calls, see {@link MeterCodec}; null for nothing
 */
public record StandbyAnswer(
        String from,
        int shard,
        long epoch,
        long number,
        boolean again,
        @Nullable Bytes meters) implements ClusterMessage, Board.Command {
    /** No batch has this number. */
    static final long UNASKED = 0;

    StandbyAnswer(String from, int shard, long epoch, long number, boolean again) {
        this(from, shard, epoch, number, again, null);
    }

    static StandbyAnswer unasked(String from, int shard, Bytes meters) {
        return new StandbyAnswer(from, shard, 0, UNASKED, false, meters);
    }
}
