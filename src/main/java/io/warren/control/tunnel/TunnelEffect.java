package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;

/** What a {@link TunnelDecider} wants done, after its events are in the journal. */
public sealed interface TunnelEffect {
    /** Send a whole datagram. */
    record Transmit(PeerPath path, Bytes datagram) implements TunnelEffect {}

    /** Start a session for this call, or (after recovery) wake it: the session ignores what it knows already. */
    record StartCall(CallOffer call) implements TunnelEffect {}

    /** Hand a message to a session; it answers with {@link TunnelInput.Handled} for this Ns. */
    record Deliver(int sessionId, int ns, ControlMessage message) implements TunnelEffect {}

    /** The tunnel is gone, or has ended this call with a CDN of its own: end the session, which sends none. */
    record EndCall(int sessionId, String reason) implements TunnelEffect {}

    /** A packet was not acted upon: count it under this reason. */
    record Dropped(String reason) implements TunnelEffect {}

    /** The tunnel is over and its linger time has passed: the entity may stop. */
    record Stop() implements TunnelEffect {}

    /** Decide this again when the journal takes events. */
    record Later(TunnelInput input) implements TunnelEffect {}
}
