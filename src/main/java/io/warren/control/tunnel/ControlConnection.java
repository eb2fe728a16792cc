package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.SequenceNumber;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is known of a control connection in every state but idle.
 *
 * @param since when it began
 * @param peer the other end
 * @param tieBreaker the Tie Breaker of the SCCRQ that began it
 * @param challenge ours, to be answered by the peer
 * @param noted the numbers as the journal knows them
 * @param timers not from the journal
 * @param deferred inputs that wait until the tunnel can speak; not from the journal
 * @param recovery with which the peer recovers this tunnel; null: it does not
 */
public record ControlConnection(
        Instant since,
        Role role,
        int tunnelId,
        Peer peer,
        @Nullable Bytes tieBreaker,
        @Nullable Bytes challenge,
        ReliableChannel channel,
        CallTable calls,
        Noted noted,
        Timers timers,
        PVector<TunnelInput> deferred,
        @Nullable RecoveryTunnel recovery) {

    /**
     * The other end. The tunnel id is 0 until we know it.
     *
     * @param failover its capability, if both ends can recover the tunnel
     */
    record Peer(
            int tunnelId,
            PeerPath path,
            String hostName,
            @Nullable String vendorName,
            @Nullable FailoverCapability failover) {
        Peer at(PeerPath learned) {
            return new Peer(tunnelId, learned, hostName, vendorName, failover);
        }

        Peer withTunnelId(int id) {
            return new Peer(id, path, hostName, vendorName, failover);
        }
    }

    /** Our next Ns and our Nr as of the last event that holds them. */
    record Noted(int ns, int nr) {
        /** How far the channel has moved on without the journal. */
        int drift(ReliableChannel channel) {
            return Math.max(SequenceNumber.distance(ns, channel.nextNs()), SequenceNumber.distance(nr, channel.nr()));
        }
    }

    /**
     * Monotonic nanoseconds; {@link Long#MAX_VALUE} for never.
     *
     * @param setupBy when the tunnel must be established
     * @param helloAt when a HELLO is due, if nothing arrives until then
     * @param lingerUntil how long the ended tunnel answers repetitions
     * @param oldFrom since when an SCCRQ cannot be a late duplicate of the one that began this tunnel
     */
    record Timers(long setupBy, long helloAt, long lingerUntil, long oldFrom) {
        static final Timers NONE = new Timers(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        static Timers setup(long setupBy) {
            return new Timers(setupBy, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
        }

        static Timers established(long helloAt, long oldFrom) {
            return new Timers(Long.MAX_VALUE, helloAt, Long.MAX_VALUE, oldFrom);
        }

        static Timers linger(long until) {
            return new Timers(Long.MAX_VALUE, Long.MAX_VALUE, until, Long.MAX_VALUE);
        }

        Timers hello(long at) {
            return new Timers(setupBy, at, lingerUntil, oldFrom);
        }

        long first() {
            return Math.min(setupBy, Math.min(helloAt, lingerUntil));
        }
    }

    static ControlConnection begin(
            Instant since,
            Role role,
            int tunnelId,
            Peer peer,
            @Nullable Bytes tieBreaker,
            @Nullable Bytes challenge,
            ReliableChannel channel) {
        return new ControlConnection(
                since,
                role,
                tunnelId,
                peer,
                tieBreaker,
                challenge,
                channel,
                CallTable.EMPTY,
                new Noted(0, 0),
                Timers.NONE,
                TreePVector.empty(),
                null);
    }

    ControlConnection with(Peer value) {
        return new ControlConnection(
                since, role, tunnelId, value, tieBreaker, challenge, channel, calls, noted, timers, deferred, recovery);
    }

    ControlConnection with(ReliableChannel value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, value, calls, noted, timers, deferred, recovery);
    }

    ControlConnection with(CallTable value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, channel, value, noted, timers, deferred, recovery);
    }

    ControlConnection with(Noted value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, channel, calls, value, timers, deferred, recovery);
    }

    ControlConnection with(Timers value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, channel, calls, noted, value, deferred, recovery);
    }

    ControlConnection with(PVector<TunnelInput> value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, channel, calls, noted, timers, value, recovery);
    }

    ControlConnection recovering(@Nullable RecoveryTunnel value) {
        return new ControlConnection(
                since, role, tunnelId, peer, tieBreaker, challenge, channel, calls, noted, timers, deferred, value);
    }

    /** The challenge is no secret, but it is of no use in a log either. */
    @Override
    public String toString() {
        return "ControlConnection[" + role + ", tunnel " + tunnelId + ", peer " + peer.tunnelId() + " at "
                + peer.path().remote() + ", " + calls.size() + " calls]";
    }
}
