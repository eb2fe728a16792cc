package io.warren.wire.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ICMPv6 messages between a router and the host on a point-to-point link (RFC 4443 §4, RFC 4861 §4). */
public sealed interface Icmpv6Message {
    int ECHO_REQUEST = 128;
    int ECHO_REPLY = 129;
    int ROUTER_SOLICITATION = 133;
    int ROUTER_ADVERTISEMENT = 134;
    int NEIGHBOR_SOLICITATION = 135;
    int NEIGHBOR_ADVERTISEMENT = 136;

    /** Lifetimes are seconds; this is for ever. */
    long INFINITY = 0xffff_ffffL;

    /** @param body identifier, sequence number and data: they come back as they are */
    record EchoRequest(Bytes body) implements Icmpv6Message {}

    record EchoReply(Bytes body) implements Icmpv6Message {}

    record RouterSolicitation() implements Icmpv6Message {}

    /**
     * @param managed, otherConfig the M and O flags: addresses, or other things, are to be had by DHCPv6
     * @param routerLifetime seconds for which we are a default router, 0 to 65,535 (RFC 8319 §4)
     * @param mtu of the link; 0: not said
     * @param dns recursive name servers (RFC 8106 §5.1), valid for {@code dnsLifetime} seconds
     */
    record RouterAdvertisement(
            int hopLimit,
            boolean managed,
            boolean otherConfig,
            int routerLifetime,
            int mtu,
            List<PrefixInformation> prefixes,
            List<Ipv6Address> dns,
            long dnsLifetime)
            implements Icmpv6Message {
        public RouterAdvertisement {
            prefixes = List.copyOf(prefixes);
            dns = List.copyOf(dns);
        }
    }

    /**
     * RFC 4861 §4.6.2.
     *
     * @param onLink, autonomous the L and A flags
     * @param validLifetime, preferredLifetime seconds
     */
    record PrefixInformation(
            Ipv6Address prefix,
            int length,
            boolean onLink,
            boolean autonomous,
            long validLifetime,
            long preferredLifetime) {}

    record NeighborSolicitation(Ipv6Address target) implements Icmpv6Message {}

    /** @param solicited the S flag; R and O are set, as a router's that has but one address */
    record NeighborAdvertisement(Ipv6Address target, boolean solicited) implements Icmpv6Message {}

    /**
     * Null for a type that we do not take part in.
     *
     * @throws WireException when the message must be silently discarded (RFC 4861 §6.1, §7.1)
     */
    static @Nullable Icmpv6Message decode(Ipv6Packet packet) throws WireException {
        WireReader reader = WireReader.of(packet.payload());
        int type = reader.u8();
        int code = reader.u8();
        reader.skip(2);
        if (packet.checksum() != 0) {
            throw reader.error("ICMPv6 checksum");
        }
        return switch (type) {
            case ECHO_REQUEST -> new EchoRequest(reader.rest());
            case ECHO_REPLY -> new EchoReply(reader.rest());
            case ROUTER_SOLICITATION, ROUTER_ADVERTISEMENT, NEIGHBOR_SOLICITATION, NEIGHBOR_ADVERTISEMENT -> {
                if (code != 0 || packet.hopLimit() != NeighborDiscovery.HOP_LIMIT) {
                    throw reader.error("neighbour discovery with code " + code + ", hop limit " + packet.hopLimit());
                }
                yield NeighborDiscovery.decode(type, reader);
            }
            default -> null;
        };
    }

    default Ipv6Packet encode(Ipv6Address from, Ipv6Address to) {
        WireWriter writer = new WireWriter();
        switch (this) {
            case EchoRequest(Bytes body) -> header(writer, ECHO_REQUEST).bytes(body);
            case EchoReply(Bytes body) -> header(writer, ECHO_REPLY).bytes(body);
            case RouterSolicitation _ -> header(writer, ROUTER_SOLICITATION).u32(0);
            case RouterAdvertisement advertisement ->
                NeighborDiscovery.write(advertisement, header(writer, ROUTER_ADVERTISEMENT));
            case NeighborSolicitation(Ipv6Address target) ->
                target.write(header(writer, NEIGHBOR_SOLICITATION).u32(0));
            case NeighborAdvertisement(Ipv6Address target, boolean solicited) ->
                target.write(header(writer, NEIGHBOR_ADVERTISEMENT)
                        .u32(NeighborDiscovery.ROUTER_AND_OVERRIDE | (solicited ? NeighborDiscovery.SOLICITED : 0)));
        }
        return new Ipv6Packet(from, to, Ipv6Packet.ICMPV6, NeighborDiscovery.HOP_LIMIT, writer.toBytes())
                .withChecksumAt(2);
    }

    private static WireWriter header(WireWriter writer, int type) {
        return writer.u8(type).u8(0).u16(0);
    }
}
