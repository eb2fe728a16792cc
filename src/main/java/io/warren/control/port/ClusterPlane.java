package io.warren.control.port;

import java.util.Collection;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What the forwarding plane does for a cluster: packets of calls that live elsewhere go to their owner, and entries of
 * calls whose owner is silent are used here. Safe to call from any thread.
 */
public interface ClusterPlane {
    /** From now on, packets go where this says. */
    void place(Placement placement);

    /**
     * Takes entries of calls that another node owns, to be used only while that node is silent. They replace older ones
     * of the same calls. An entry that is {@linkplain SessionPlane#install installed} here is left alone.
     */
    void standBy(Collection<ForwardingEntry> entries);

    /** The owner has removed these. An entry that is installed here is left alone. */
    void standDown(Collection<SessionKey> keys);

    /** Our own entries of this shard have a new owner: what is here stays, as by {@link #standBy}. */
    void demote(int shard);

    /** We are neither owner nor standby of this shard any more: its entries go. */
    void forgetShard(int shard);

    /** The entries of this shard that are installed here, not those that we stand by with. */
    Collection<ForwardingEntry> installed(int shard);

    /** Tells of each entry that is installed or removed from now on, on whatever thread does it: do not block. */
    void watch(EntryWatcher watcher);

    /**
     * Hands a control datagram on to the owner of its tunnel, or to its standby while the owner is silent, as if it had
     * arrived there. Its header says which tunnel that is: in a repeated SCCRQ, which says none, put our Tunnel ID first.
     *
     * @return false when nothing was sent: the tunnel is ours, or nobody can be reached
     */
    boolean handOn(PeerPath path, byte[] datagram);

    /** Shows the meters of all calls of these shards that have moved something, or have elsewhere. */
    void readMeters(IntPredicate shards, MeterReader reader);

    /**
     * Another node has told of its meters, or of others' that it knows.
     *
     * @param byOwner whether it owns the calls; else calls that are not known here are over
     */
    void learnMeters(Collection<CallMeters> calls, boolean byOwner);

    /** The owner has no counters of these any more; calls that are installed here are left alone. */
    void forgetMeters(Collection<SessionKey> keys);

    /** The relays that were heard of lately; a node that is not among them is silent. */
    Set<Endpoint> heard();

    /** Is shown what has been counted. */
    @FunctionalInterface
    interface MeterReader {
        /** @param own number of the meter here, which is among those of the call; 0 for none */
        void read(long own, CallMeters call);
    }

    /** Is told of the entries that change. */
    interface EntryWatcher {
        void installed(ForwardingEntry entry);

        /** Perhaps once more when the call is over. */
        void removed(SessionKey key);
    }
}
