package io.warren.control.tunnel;

import io.warren.control.reliable.ReliableChannel;
import io.warren.control.tunnel.TunnelEvent.RecoveryOffered;

/**
 * The control connection with which a peer that failed recovers its old tunnel (RFC 4951 §3.2.1). It has ids and
 * numbers of its own, holds no calls, and lives inside the state of the old tunnel.
 *
 * @param until monotonic nanoseconds at which the phase has taken too long; not from the journal
 */
record RecoveryTunnel(RecoveryOffered offer, Phase phase, ReliableChannel channel, long until) {
    /** How far it is. */
    enum Phase {
        /** Our SCCRP is on its way; nothing is changed in the old tunnel. */
        OFFERED,
        /** The SCCCN was in order: the old tunnel has new numbers. */
        COMPLETE,
        /** Over, but repetitions are still acknowledged (RFC 2661 §5.7); not in the journal. */
        CLOSED
    }

    static RecoveryTunnel begin(RecoveryOffered offer) {
        TunnelEvent.Outgoing sccrp = offer.sccrp();
        ReliableChannel channel = ReliableChannel.start()
                .withPeerWindow(offer.peerReceiveWindow())
                .journalled(sccrp.ns(), sccrp.nr(), sccrp.oldestUnacked(), sccrp.sessionId(), sccrp.body());
        return new RecoveryTunnel(offer, Phase.OFFERED, channel, Long.MAX_VALUE);
    }

    int tunnelId() {
        return offer.recoveryTunnelId();
    }

    RecoveryTunnel with(ReliableChannel value) {
        return new RecoveryTunnel(offer, phase, value, until);
    }

    RecoveryTunnel until(long value) {
        return new RecoveryTunnel(offer, phase, channel, value);
    }

    RecoveryTunnel complete() {
        return new RecoveryTunnel(offer, Phase.COMPLETE, channel.abandoned().journalledNextHandled(), until);
    }

    RecoveryTunnel closed(ReliableChannel last, long lingerUntil) {
        return new RecoveryTunnel(offer, Phase.CLOSED, last, lingerUntil);
    }

    long deadline() {
        return Math.min(channel.deadline(), until);
    }
}
