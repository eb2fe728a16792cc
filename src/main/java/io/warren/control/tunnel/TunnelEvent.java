package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.ResultCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a control connection. An event that makes us speak holds the message with its Ns, so that after a
 * restart the very same message, and no other, is repeated under that number.
 */
public sealed interface TunnelEvent {
    Instant at();

    /**
     * A control message of ours that is, or will be, on the wire.
     *
     * @param ns its sequence number
     * @param nr ours as of then: the effect of every message of the peer before it is in the journal
     * @param oldestUnacked the oldest number of ours that the peer had not acknowledged: a restart repeats from there
     * @param sessionId the header's session id: the peer's id of the call, or 0
     * @param body the message as encoded, without header
     */
    record Outgoing(int ns, int nr, int oldestUnacked, int sessionId, Bytes body) {}

    /**
     * A peer asked for a tunnel and gets our SCCRP.
     *
     * @param failover the peer's capability, if both ends can recover the tunnel (RFC 4951 §3.1)
     */
    record TunnelOffered(
            Instant at,
            int tunnelId,
            int peerTunnelId,
            PeerPath path,
            String peerHostName,
            @Nullable String peerVendorName,
            int peerReceiveWindow,
            @Nullable Bytes tieBreaker,
            @Nullable Bytes challenge,
            Outgoing sccrp,
            @Nullable FailoverCapability failover)
            implements TunnelEvent {}

    /** We asked a peer for a tunnel. */
    record TunnelRequested(
            Instant at,
            int tunnelId,
            PeerPath path,
            @Nullable Bytes tieBreaker,
            @Nullable Bytes challenge,
            Outgoing sccrq)
            implements TunnelEvent {}

    /**
     * The tunnel is up.
     *
     * @param scccn ours, when we are the initiator
     * @param failover as in {@link TunnelOffered}
     */
    record TunnelEstablished(
            Instant at,
            int peerTunnelId,
            PeerPath path,
            String peerHostName,
            @Nullable String peerVendorName,
            int peerReceiveWindow,
            @Nullable Outgoing scccn,
            @Nullable FailoverCapability failover)
            implements TunnelEvent {}

    /** A call began: theirs (message is our ICRP) or ours (message is our ICRQ). */
    record CallOffered(Instant at, CallOffer call, Outgoing message) implements TunnelEvent {}

    /** A call was refused before a session was made of it; the message is our CDN. */
    record CallRefused(Instant at, int peerSessionId, ResultCode result, Outgoing cdn) implements TunnelEvent {}

    /** A session's message (ICCN, WEN, SLI…) was given its number; or, for session 0, the tunnel's own FSQ or FSR. */
    record MessageSent(Instant at, int sessionId, Outgoing message) implements TunnelEvent {}

    /**
     * A call is over.
     *
     * @param sessionId our id
     * @param cdn ours, unless the peer ended the call
     */
    record CallEnded(Instant at, int sessionId, @Nullable Outgoing cdn) implements TunnelEvent {}

    /**
     * The tunnel is over, and all its calls with it.
     *
     * @param by {@link #PEER}, {@code local}, {@code timeout}, …: for people, but for the first
     * @param stopCcn ours, unless the peer ended it
     */
    record TunnelClosed(
            Instant at,
            String by,
            ResultCode result,
            @Nullable Outgoing stopCcn) implements TunnelEvent {
        /** Who ended it, if that came with a StopCCN of his. */
        static final String PEER = "peer";

        /** Whether one of the ends said so to the other, who has to acknowledge it; else nobody was there any more. */
        public boolean hasStopCcn() {
            return stopCcn != null || by.equals(PEER);
        }
    }

    /**
     * The numbers have moved far by messages that are not in the journal (HELLO, WEN…). Rare: it keeps what the
     * journal knows within half of the number space.
     *
     * @param ns the number of our next message
     * @param nr ours
     * @param oldestUnacked as in {@link Outgoing}
     */
    record NumbersNoted(Instant at, int ns, int nr, int oldestUnacked) implements TunnelEvent {}

    /**
     * A peer that failed wants to recover this tunnel, and gets our SCCRP in a recovery tunnel (RFC 4951 §3.2.1).
     *
     * @param recoveryTunnelId our id of the recovery tunnel; in the shard of this tunnel
     * @param peerTunnelId the peer's id of it
     * @param path to the peer in the recovery tunnel
     * @param challenge ours, to be answered by the SCCCN
     * @param ns of our next message in this tunnel, once it is recovered
     * @param nr of the peer's next one then
     */
    record RecoveryOffered(
            Instant at,
            int recoveryTunnelId,
            int peerTunnelId,
            PeerPath path,
            int peerReceiveWindow,
            @Nullable Bytes challenge,
            int ns,
            int nr,
            Outgoing sccrp)
            implements TunnelEvent {}

    /** The peer has shown who it is: both ends go on with these numbers (RFC 4951 §3.2.2). */
    record TunnelRecovered(Instant at, int ns, int nr) implements TunnelEvent {}

    /**
     * The recovery tunnel is over, after its work or before it.
     *
     * @param by {@code peer}, {@code local} or {@code timeout}
     */
    record RecoveryEnded(Instant at, int recoveryTunnelId, String by) implements TunnelEvent {}
}
