package io.warren.ppp;

import io.warren.ppp.TransitionTable.State;
import io.warren.wire.ppp.PppProtocol;
import java.util.List;

/**
 * The network control protocols of a link: IPCP and, where the settings have it, IPv6CP; and CCP, for which they may have
 * to wait. What an input does to them is worked out by {@link NetworkTurn}.
 *
 * @param up whether IP of one kind at least may flow
 * @param renewals how often it may come up
 */
record NetworkLayer(
        EncryptionLayer encryption,
        ControlProtocol<IpcpNegotiation> ipcp,
        ControlProtocol<Ipv6cpNegotiation> ipv6cp,
        boolean up,
        Renewals renewals) {
    static NetworkLayer initial(LinkSettings settings, IpcpNegotiation ipcp) {
        return new NetworkLayer(
                EncryptionLayer.initial(settings),
                ControlProtocol.initial(PppProtocol.IPCP, settings, ipcp),
                ControlProtocol.initial(PppProtocol.IPV6CP, settings, Ipv6cpNegotiation.NONE),
                false,
                Renewals.ALL);
    }

    /** As it was before a restart. A protocol that was not open is tried again: it may have been on its way. */
    static NetworkLayer resumed(LinkSettings settings, LinkParameters parameters, long now) {
        IpcpNegotiation ipcp = IpcpNegotiation.server(
                        parameters.localAddress(), parameters.peerAddress(), List.of(), parameters.dns())
                .resumed(parameters.peerAddress());
        Ipv6Parameters ipv6 = settings.ipv6() ? parameters.ipv6() : null;
        long retry = now + settings.restart().toNanos();
        ControlProtocol<IpcpNegotiation> four = parameters.withoutIpv4()
                ? ControlProtocol.retrying(PppProtocol.IPCP, settings, ipcp, retry)
                : ControlProtocol.opened(PppProtocol.IPCP, settings, ipcp);
        ControlProtocol<Ipv6cpNegotiation> six;
        if (ipv6 != null) {
            six = ControlProtocol.opened(PppProtocol.IPV6CP, settings, Ipv6cpNegotiation.resumed(ipv6));
        } else if (settings.ipv6() && parameters.peerMru() >= NetworkTurn.LEAST_IPV6_MTU) {
            six = ControlProtocol.retrying(PppProtocol.IPV6CP, settings, Ipv6cpNegotiation.late(parameters), retry);
        } else {
            six = ControlProtocol.initial(PppProtocol.IPV6CP, settings, Ipv6cpNegotiation.NONE);
        }
        return new NetworkLayer(EncryptionLayer.resumed(settings, retry), four, six, true, Renewals.ALL);
    }

    long deadline() {
        return Math.min(Math.min(ipcp.deadline(), ipv6cp.deadline()), encryption.deadline());
    }

    /** Whether a protocol has given up, or been given up, and only the peer can bring it back. */
    static boolean isGone(ControlProtocol<?> protocol) {
        return protocol.state() == State.STOPPED || protocol.state() == State.CLOSED;
    }
}
