package io.warren.control.cluster;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import java.util.List;

/**
 * A piece of a shard's forwarding entries, from its owner to its standby.
 *
 * @param from the owner
 * @param epoch of its claim
 * @param number rises by one with each batch of the shard
 * @param begins a snapshot begins: what the standby had and the snapshot does not name is over
 * @param ends a snapshot ends
 */
public record StandbyBatch(
        String from,
        int shard,
        long epoch,
        long number,
        boolean begins,
        boolean ends,
        List<ForwardingEntry> installed,
        List<SessionKey> removed)
        implements ClusterMessage, Board.Command {}
