package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.wire.l2tp.AccessLine;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as its tunnel made it known to the session: who, where, by which ids. The same for both ends.
 *
 * @param initiator whether we asked for the call (LAC side: ICRQ is ours)
 * @param peerSessionId the peer's Assigned Session ID; 0 while we wait for its ICRP
 */
public record CallOffer(
        SessionKey key,
        PeerPath path,
        boolean initiator,
        int peerTunnelId,
        int peerSessionId,
        String peerHostName,
        long callSerialNumber,
        @Nullable String callingNumber,
        @Nullable String calledNumber,
        @Nullable String subAddress,
        AccessLine accessLine,
        Instant at) {
    /** The same call, with the session id that the peer's ICRP assigned. */
    public CallOffer answered(int assignedSessionId) {
        return new CallOffer(
                key,
                path,
                initiator,
                peerTunnelId,
                assignedSessionId,
                peerHostName,
                callSerialNumber,
                callingNumber,
                calledNumber,
                subAddress,
                accessLine,
                at);
    }
}
