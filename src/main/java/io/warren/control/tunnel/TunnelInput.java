package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ResultCode;
import org.jspecify.annotations.Nullable;

/** What a {@link TunnelDecider} decides about. */
public sealed interface TunnelInput {
    /** A control packet from the network. */
    record Received(PeerPath path, ControlPacket packet) implements TunnelInput {}

    /**
     * A peer that failed asks to recover this tunnel: an SCCRQ with a Tunnel Recovery AVP (RFC 4951 §3.2.1).
     *
     * @param recoveryTunnelId a free id in this tunnel's shard; 0 when there is none
     */
    record Recover(PeerPath path, ControlPacket packet, int recoveryTunnelId) implements TunnelInput {}

    /** Be the initiator: ask the peer for a tunnel. */
    record Open(PeerPath path) implements TunnelInput {}

    /** End the tunnel with a StopCCN. */
    record Close(ResultCode result, String by) implements TunnelInput {}

    /** Start a call as the LAC: send an ICRQ. */
    record PlaceCall(
            int sessionId,
            long callSerialNumber,
            @Nullable String callingNumber,
            @Nullable String calledNumber) implements TunnelInput {}

    /** A session wants this message sent. A CDN ends the call. */
    record Send(int sessionId, ControlMessage message) implements TunnelInput {}

    /** A session says that the effect of the control message with this Ns is in its journal: it may be acked. */
    record Handled(int ns) implements TunnelInput {}

    /** Data of this tunnel arrived: the peer lives, no HELLO is needed. */
    record DataSeen() implements TunnelInput {}

    /** A deadline has passed. */
    record Tick() implements TunnelInput {}

    /**
     * First input after recovery from the journal: find out what the peer has seen, wake the calls.
     *
     * @param handled every message of the peer before this number is handled, as another source than the journal says;
     *     null when there is none
     */
    record Resume(@Nullable Integer handled) implements TunnelInput {}
}
