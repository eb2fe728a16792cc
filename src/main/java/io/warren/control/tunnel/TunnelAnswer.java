package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@link TunnelCommand.Ask}: a tunnel as it is shown to people.
 *
 * @param known whether there is such a tunnel, perhaps one that ended just now
 * @param peerTunnelId the peer's, 0 while unknown
 * @param peerHostName empty while unknown
 * @param state in the RFC's words
 * @param calls in it
 */
public record TunnelAnswer(
        int tunnelId,
        boolean known,
        int peerTunnelId,
        @Nullable PeerPath path,
        String peerHostName,
        @Nullable String peerVendorName,
        String state,
        @Nullable Instant since,
        int calls) {
    public static TunnelAnswer of(TunnelState state) {
        return new TunnelAnswer(
                state.tunnelId(),
                !(state instanceof TunnelState.Idle),
                state.peerTunnelId(),
                state.path(),
                state.peerHostName(),
                state.peerVendorName(),
                state.name(),
                state.since(),
                state.callCount());
    }
}
