package io.warren.control.session;

import io.warren.control.port.AccessRequest;
import io.warren.control.port.AccountingRecord;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ControlMessage;

/** What a {@link SessionDecider} wants done, after its events are in the journal. */
public sealed interface SessionEffect {
    /** Let the tunnel send this message of ours. */
    record SendControl(ControlMessage message) implements SessionEffect {}

    /** Tell the tunnel that the effect of its message with this Ns is in the journal. */
    record Confirm(int ns) implements SessionEffect {}

    /**
     * Send a PPP frame in a data packet to the peer's ids.
     *
     * @param numbered whether it must carry the call's next Ns: Sequencing Required was negotiated (RFC 2661 §5.4)
     */
    record SendFrame(PeerPath path, int peerTunnelId, int peerSessionId, boolean numbered, Bytes frame)
            implements SessionEffect {}

    record RequestAccess(AccessRequest request) implements SessionEffect {}

    record LeaseAddress(int address) implements SessionEffect {}

    record ReleaseAddress(int address) implements SessionEffect {}

    record Install(ForwardingEntry entry) implements SessionEffect {}

    /** Put what is forwarded under these limits. */
    record Limit(TrafficLimits limits) implements SessionEffect {}

    /** Tell this to whoever keeps the books. */
    record Account(AccountingRecord record) implements SessionEffect {}

    /** Stop forwarding: the link is being re-negotiated, or the call is over. */
    record Uninstall() implements SessionEffect {}

    /** An input was not acted upon: count it under this reason. */
    record Dropped(String reason) implements SessionEffect {}

    /** The call is over: nothing of it is needed any more but its accounting. */
    record Leave() implements SessionEffect {}

    /** All is over: the entity may stop. */
    record Stop() implements SessionEffect {}

    /** Decide this again when the journal takes events. */
    record Later(SessionInput input) implements SessionEffect {}
}
