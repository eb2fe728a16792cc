package io.warren.wire.ipv6;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import io.warren.wire.ipv6.Icmpv6Message.PrefixInformation;
import io.warren.wire.ipv6.Icmpv6Message.RouterAdvertisement;
import java.util.ArrayList;
import java.util.List;

/** The bodies of neighbour discovery's messages and their options (RFC 4861 §4, RFC 8106 §5.1). */
final class NeighborDiscovery {
    /** No router on the way has seen the packet (RFC 4861 §6.1). */
    static final int HOP_LIMIT = 255;

    static final long SOLICITED = 0x4000_0000L;
    static final long ROUTER_AND_OVERRIDE = 0xa000_0000L;

    private static final int PREFIX_INFORMATION = 3;
    private static final int MTU = 5;
    private static final int RDNSS = 25;

    /** Option lengths are in units of 8 octets. */
    private static final int UNIT = 8;

    private static final int MANAGED = 0x80;
    private static final int OTHER_CONFIG = 0x40;
    private static final int ON_LINK = 0x80;
    private static final int AUTONOMOUS = 0x40;

    private NeighborDiscovery() {}

    static Icmpv6Message decode(int type, WireReader reader) throws WireException {
        return switch (type) {
            case Icmpv6Message.ROUTER_SOLICITATION -> {
                reader.skip(4);
                checkOptions(reader);
                yield new Icmpv6Message.RouterSolicitation();
            }
            case Icmpv6Message.NEIGHBOR_SOLICITATION -> {
                reader.skip(4);
                Ipv6Address target = Ipv6Address.read(reader);
                checkOptions(reader);
                yield new Icmpv6Message.NeighborSolicitation(target);
            }
            case Icmpv6Message.NEIGHBOR_ADVERTISEMENT -> {
                long flags = reader.u32();
                Ipv6Address target = Ipv6Address.read(reader);
                checkOptions(reader);
                yield new Icmpv6Message.NeighborAdvertisement(target, (flags & SOLICITED) != 0);
            }
            default -> advertisement(reader);
        };
    }

    /** An option of length 0 makes the whole message invalid. */
    private static void checkOptions(WireReader reader) throws WireException {
        while (!reader.isEmpty()) {
            reader.skip(1);
            option(reader);
        }
    }

    /** What follows type and length of an option. */
    private static WireReader option(WireReader reader) throws WireException {
        int units = reader.u8();
        if (units == 0) {
            throw reader.error("option of length 0");
        }
        return reader.slice(units * UNIT - 2);
    }

    private static RouterAdvertisement advertisement(WireReader reader) throws WireException {
        int hopLimit = reader.u8();
        int flags = reader.u8();
        int lifetime = reader.u16();
        reader.skip(8);
        int mtu = 0;
        List<PrefixInformation> prefixes = new ArrayList<>();
        List<Ipv6Address> dns = new ArrayList<>();
        long dnsLifetime = 0;
        while (!reader.isEmpty()) {
            int type = reader.u8();
            WireReader option = option(reader);
            switch (type) {
                case PREFIX_INFORMATION -> prefixes.add(prefix(option));
                case MTU -> {
                    option.skip(2);
                    mtu = (int) Math.min(option.u32(), 0xffff);
                }
                case RDNSS -> {
                    option.skip(2);
                    dnsLifetime = option.u32();
                    while (!option.isEmpty()) {
                        dns.add(Ipv6Address.read(option));
                    }
                }
                default -> {}
            }
        }
        return new RouterAdvertisement(
                hopLimit,
                (flags & MANAGED) != 0,
                (flags & OTHER_CONFIG) != 0,
                lifetime,
                mtu,
                prefixes,
                dns,
                dnsLifetime);
    }

    private static PrefixInformation prefix(WireReader option) throws WireException {
        int length = option.u8();
        int flags = option.u8();
        long valid = option.u32();
        long preferred = option.u32();
        option.skip(4);
        Ipv6Address prefix = Ipv6Address.read(option);
        return new PrefixInformation(
                prefix, length, (flags & ON_LINK) != 0, (flags & AUTONOMOUS) != 0, valid, preferred);
    }

    static void write(RouterAdvertisement message, WireWriter writer) {
        writer.u8(message.hopLimit())
                .u8((message.managed() ? MANAGED : 0) | (message.otherConfig() ? OTHER_CONFIG : 0))
                .u16(message.routerLifetime())
                .u32(0)
                .u32(0);
        if (message.mtu() != 0) {
            writer.u8(MTU).u8(1).u16(0).u32(message.mtu());
        }
        for (PrefixInformation prefix : message.prefixes()) {
            writer.u8(PREFIX_INFORMATION).u8(4).u8(prefix.length());
            writer.u8((prefix.onLink() ? ON_LINK : 0) | (prefix.autonomous() ? AUTONOMOUS : 0));
            writer.u32(prefix.validLifetime()).u32(prefix.preferredLifetime()).u32(0);
            prefix.prefix().write(writer);
        }
        if (!message.dns().isEmpty()) {
            writer.u8(RDNSS).u8(1 + 2 * message.dns().size()).u16(0).u32(message.dnsLifetime());
            message.dns().forEach(server -> server.write(writer));
        }
    }
}
