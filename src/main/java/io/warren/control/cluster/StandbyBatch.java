package io.warren.control.cluster;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a shard's forwarding entries, or of its calls' counters, from its owner to its standby.
 *
 * @param from the owner
 * @param epoch of its claim
 * @param number rises by one with each batch of entries of the shard; below zero for counters, which have no order
 * @param begins a snapshot begins: what the standby had and the snapshot does not name is over
 * @param ends a snapshot ends
 * @param meters what the calls have moved, see {@link MeterCodec}; null for nothing
 */
public record StandbyBatch(
        String from,
        int shard,
        long epoch,
        long number,
        boolean begins,
        boolean ends,
        List<ForwardingEntry> installed,
        List<SessionKey> removed,
        @Nullable Bytes meters)
        implements ClusterMessage, Board.Command {
    /** Of entries. */
    StandbyBatch(
            String from,
            int shard,
            long epoch,
            long number,
            boolean begins,
            boolean ends,
            List<ForwardingEntry> installed,
            List<SessionKey> removed) {
        this(from, shard, epoch, number, begins, ends, installed, removed, null);
    }

    /** Of counters. */
    static StandbyBatch of(String from, int shard, long epoch, long number, Bytes meters) {
        return new StandbyBatch(from, shard, epoch, number, false, false, List.of(), List.of(), meters);
    }
}
