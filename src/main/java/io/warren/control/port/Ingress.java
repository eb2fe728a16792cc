package io.warren.control.port;

import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlPacket;

/** What arrives from the network for the control plane, already decoded. */
public sealed interface Ingress {
    PeerPath path();

    /** An L2TP control packet. */
    record ControlArrived(PeerPath path, ControlPacket packet) implements Ingress {}

    /**
     * A PPP frame that is not forwarded by the data plane: PPP control, or data of a call with no forwarding entry.
     *
     * @param frame what follows the L2TP header: Address and Control fields (if any), protocol, information
     */
    record FrameArrived(PeerPath path, SessionKey key, Bytes frame) implements Ingress {}

    /**
     * An SCCRQ of another protocol version (L2TPv3): to be answered with StopCCN result code 5.
     *
     * @param peerTunnelId where to send it: the id that the peer assigned, 0 if it could not be read
     */
    record VersionMismatch(PeerPath path, int peerTunnelId) implements Ingress {}
}
