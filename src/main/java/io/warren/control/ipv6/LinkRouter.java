package io.warren.control.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ipv6.Dhcpv6Message;
import io.warren.wire.ipv6.Icmpv6Message;
import io.warren.wire.ipv6.Icmpv6Message.PrefixInformation;
import io.warren.wire.ipv6.Icmpv6Message.RouterAdvertisement;
import io.warren.wire.ipv6.Ipv6Address;
import io.warren.wire.ipv6.Ipv6Packet;
import io.warren.wire.ipv6.UdpDatagram;
import java.util.List;
import java.util.Optional;

/** Our end of a subscriber's link, as a router (RFC 4861 §6.2) and as the DHCPv6 server. */
public final class LinkRouter {
    /** The Router Lifetime has 16 bits (RFC 8319 §4). */
    private static final int LONGEST_ROUTER = 0xffff;

    private static final int HOPS = 64;

    private LinkRouter() {}

    /** What an IPv6 packet from the subscriber to us calls for. */
    public sealed interface Reaction {
        /** Nothing: it is not for us, or must be silently discarded. */
        record None() implements Reaction {}

        /** A Router Advertisement, soon. */
        record Advertise() implements Reaction {}

        record Answer(Ipv6Packet packet) implements Reaction {}
    }

    private static final Reaction NONE = new Reaction.None();

    /** What all on the link are told (RFC 4861 §6.2.3). */
    public static Ipv6Packet advertisement(HostLink link, RouterSettings settings) {
        List<Ipv6Address> dns = link.dns().isEmpty() ? settings.dns() : link.dns();
        int routerLifetime = (int) Math.min(settings.validLifetime(), LONGEST_ROUTER);
        List<PrefixInformation> prefixes = link.prefixes().stream()
                .map(prefix -> new PrefixInformation(
                        new Ipv6Address(prefix.high(), 0),
                        prefix.length(),
                        true,
                        true,
                        settings.validLifetime(),
                        settings.preferredLifetime()))
                .toList();
        return new RouterAdvertisement(
                        HOPS,
                        link.assigned() != null,
                        true,
                        routerLifetime,
                        link.mtu(),
                        prefixes,
                        dns,
                        settings.validLifetime())
                .encode(link.router(), Ipv6Address.ALL_NODES);
    }

    /** @param octets a packet from the subscriber, or anything at all */
    public static Reaction received(Bytes octets, HostLink link, RouterSettings settings) {
        try {
            Ipv6Packet packet = Ipv6Packet.decode(octets);
            return switch (packet.nextHeader()) {
                case Ipv6Packet.ICMPV6 -> icmp(packet, link);
                case Ipv6Packet.UDP -> dhcp(packet, link, settings);
                default -> NONE;
            };
        } catch (WireException malformed) {
            return NONE;
        }
    }

    private static Reaction icmp(Ipv6Packet packet, HostLink link) throws WireException {
        Icmpv6Message message = Icmpv6Message.decode(packet);
        Ipv6Address from = packet.source();
        boolean toUs = packet.destination().equals(link.router());
        return switch (message) {
            case Icmpv6Message.RouterSolicitation _ ->
                toUs || packet.destination().equals(Ipv6Address.ALL_ROUTERS) ? new Reaction.Advertise() : NONE;
            case Icmpv6Message.NeighborSolicitation(Ipv6Address target) -> neighbor(packet, target, link);
            case Icmpv6Message.EchoRequest(Bytes body) ->
                (toUs || packet.destination().equals(Ipv6Address.ALL_NODES)) && isHost(from)
                        ? new Reaction.Answer(new Icmpv6Message.EchoReply(body).encode(link.router(), from))
                        : NONE;
            case Icmpv6Message.EchoReply _,
                    Icmpv6Message.RouterAdvertisement _,
                    Icmpv6Message.NeighborAdvertisement _ -> NONE;
            case null -> NONE;
        };
    }

    /** There is but one neighbour on each side; from nobody's address it is a duplicate check (RFC 4862 §5.4.3). */
    private static Reaction neighbor(Ipv6Packet packet, Ipv6Address target, HostLink link) {
        boolean reaches = packet.destination().equals(link.router())
                || packet.destination().equals(link.router().solicitedNode());
        if (!reaches || !target.equals(link.router())) {
            return NONE;
        }
        boolean asks = isHost(packet.source());
        return new Reaction.Answer(new Icmpv6Message.NeighborAdvertisement(target, asks)
                .encode(link.router(), asks ? packet.source() : Ipv6Address.ALL_NODES));
    }

    /** RFC 8415 §18.4: a client speaks to all servers; nothing that it needs has to be told by unicast. */
    private static Reaction dhcp(Ipv6Packet packet, HostLink link, RouterSettings settings) throws WireException {
        UdpDatagram datagram = UdpDatagram.decode(packet);
        if (datagram.destinationPort() != Dhcpv6Message.SERVER_PORT
                || !packet.destination().equals(Ipv6Address.ALL_DHCP_SERVERS)
                || !isHost(packet.source())) {
            return NONE;
        }
        Optional<Dhcpv6Message> answer = Dhcpv6Server.answer(Dhcpv6Message.decode(datagram.payload()), link, settings);
        if (answer.isEmpty()) {
            return NONE;
        }
        Bytes octets = answer.get().encode();
        return new Reaction.Answer(new UdpDatagram(Dhcpv6Message.SERVER_PORT, Dhcpv6Message.CLIENT_PORT, octets)
                .encode(link.router(), packet.source(), HOPS));
    }

    private static boolean isHost(Ipv6Address address) {
        return !address.isMulticast() && !address.equals(Ipv6Address.UNSPECIFIED);
    }
}
