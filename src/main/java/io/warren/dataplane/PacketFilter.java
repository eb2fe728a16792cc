package io.warren.dataplane;

import io.warren.config.AddressPrefix;
import io.warren.config.FilterRule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule list as the packet threads want it: one number after the other, the first rule that fits decides. Immutable and
 * for any thread; nothing is allocated for a packet.
 *
 * <p>What a packet does not show cannot make it pass. Where protocol or ports are not to be seen (a fragment that is not
 * the first, a header that is cut short, extension headers that we do not know), a rule that asks for them accepts
 * nothing and drops everything that fits it otherwise. A packet that names other destinations than the one in its header
 * (source routes) is dropped.
 */
final class PacketFilter {
    /** Neither a protocol nor ports. */
    private static final int UNSEEN = -2;

    private static final int LONGS = 8;
    private static final int INTS = 6;
    private static final int PORTS = 4;

    // IPv4 options (RFC 791 §3.1)
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    // Extension headers (RFC 8200 §4) and those registered since (RFC 7045 §4)
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MOBILITY = 135;
    private static final int HIP = 139;
    private static final int SHIM6 = 140;
    private static final int EXPERIMENT = 253;
    private static final int LAST_EXPERIMENT = 254;

    private static final int ANY = 0;
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    private final int rules;

    /** For each rule: prefix and mask of the source, then of the destination, in two halves each. */
    private final long[] addresses;

    /** For each rule: version, protocol, first and last port of either end. */
    private final int[] numbers;

    private final boolean[] accepts;
    private final boolean[] asksForPorts;

    private PacketFilter(List<FilterRule> list) {
        rules = list.size();
        addresses = new long[rules * LONGS];
        numbers = new int[rules * INTS];
        accepts = new boolean[rules];
        asksForPorts = new boolean[rules];
        for (int rule = 0; rule < rules; rule++) {
            compile(list.get(rule), rule);
        }
    }

    /** Nothing passes. */
    static final PacketFilter CLOSED = new PacketFilter(List.of());

    static PacketFilter of(List<FilterRule> list) {
        return new PacketFilter(list);
    }

    private void compile(FilterRule from, int rule) {
        accepts[rule] = from.accept();
        asksForPorts[rule] = from.fromPorts() != null || from.toPorts() != null;
        AddressPrefix source = from.from();
        AddressPrefix destination = from.to();
        put(source, rule * LONGS);
        put(destination, rule * LONGS + LONGS / 2);
        AddressPrefix either = source != null ? source : destination;
        int at = rule * INTS;
        numbers[at] = either == null ? ANY : either.ipv6() ? IPV6 : IPV4;
        numbers[at + 1] = from.protocol();
        put(from.fromPorts(), at + 2);
        put(from.toPorts(), at + 4);
    }

    private void put(@Nullable AddressPrefix prefix, int at) {
        if (prefix != null) {
            addresses[at] = prefix.high();
            addresses[at + 1] = AddressPrefix.highMask(prefix.length());
            addresses[at + 2] = prefix.low();
            addresses[at + 3] = AddressPrefix.lowMask(prefix.length());
        }
    }

    private void put(FilterRule.@Nullable Ports ports, int at) {
        numbers[at] = ports == null ? 0 : ports.first();
        numbers[at + 1] = ports == null ? 0xffff : ports.last();
    }

    /** Whether it lets all pass. */
    boolean isOpen() {
        return rules == 0;
    }

    /** Whether a sound IP packet of {@code total} octets may pass. */
    boolean passes(MemorySegment memory, long at, int total) {
        return IpHeader.isIpv6(memory, at) ? passesIpv6(memory, at, total) : passesIpv4(memory, at, total);
    }

    private boolean passesIpv4(MemorySegment memory, long at, int total) {
        int header = Ipv4Header.headerLength(memory, at);
        if (header > Ipv4Header.SHORTEST_HEADER && isSourceRouted(memory, at, header)) {
            return false;
        }
        boolean first = Ipv4Header.isFirst(memory, at);
        return decide(
                IPV4,
                (long) Ipv4Header.source(memory, at) << 32,
                0,
                (long) Ipv4Header.destination(memory, at) << 32,
                0,
                Ipv4Header.protocol(memory, at),
                first ? ports(memory, at, header, total) : UNSEEN);
    }

    /** Options that make no sense count as the worst of them. */
    private static boolean isSourceRouted(MemorySegment memory, long at, int header) {
        int next = Ipv4Header.SHORTEST_HEADER;
        while (next < header) {
            int option = Octets.u8(memory, at + next);
            if (option == END_OF_OPTIONS) {
                return false;
            }
            if (option == NO_OPERATION) {
                next++;
                continue;
            }
            if (option == LOOSE_SOURCE_ROUTE || option == STRICT_SOURCE_ROUTE || next + 1 == header) {
                return true;
            }
            int length = Octets.u8(memory, at + next + 1);
            if (length < 2 || length > header - next) {
                return true;
            }
            next += length;
        }
        return false;
    }

    private boolean passesIpv6(MemorySegment memory, long at, int total) {
        int protocol = Ipv6Header.nextHeader(memory, at);
        int next = Ipv6Header.LENGTH;
        while (isExtension(protocol)) {
            boolean known = protocol == HOP_BY_HOP
                    || protocol == DESTINATION_OPTIONS
                    || protocol == ROUTING
                    || protocol == FRAGMENT;
            if (!known || total - next < 8) {
                return decideIpv6(memory, at, UNSEEN, UNSEEN);
            }
            if (protocol == ROUTING && Octets.u8(memory, at + next + 3) != 0) {
                return false; // It has not reached the destinations that it names.
            }
            if (protocol == FRAGMENT && Octets.u16(memory, at + next + 2) >>> 3 != 0) {
                return decideIpv6(memory, at, UNSEEN, UNSEEN);
            }
            int length = protocol == FRAGMENT ? 8 : 8 + Octets.u8(memory, at + next + 1) * 8;
            protocol = Octets.u8(memory, at + next);
            next += length;
        }
        return decideIpv6(memory, at, protocol, ports(memory, at, next, total));
    }

    private boolean decideIpv6(MemorySegment memory, long at, int protocol, long ports) {
        return decide(
                IPV6,
                Octets.i64(memory, at + 8),
                Octets.i64(memory, at + 16),
                Octets.i64(memory, at + 24),
                Octets.i64(memory, at + 32),
                protocol,
                ports);
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP,
                    ROUTING,
                    FRAGMENT,
                    AUTHENTICATION,
                    DESTINATION_OPTIONS,
                    MOBILITY,
                    HIP,
                    SHIM6,
                    EXPERIMENT,
                    LAST_EXPERIMENT -> true;
            default -> false;
        };
    }

    /** Source and destination port, which TCP and UDP begin with; {@link #UNSEEN} when the packet ends before. */
    private static long ports(MemorySegment memory, long at, int header, int total) {
        return total - header >= PORTS ? Octets.i32(memory, at + header) & 0xffff_ffffL : UNSEEN;
    }

    private boolean decide(
            int version,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            long ports) {
        for (int rule = 0; rule < rules; rule++) {
            int prefix = rule * LONGS;
            if (isOf(version, rule)
                    && isWithin(prefix, sourceHigh, sourceLow)
                    && isWithin(prefix + LONGS / 2, destinationHigh, destinationLow)) {
                boolean seen = isSeen(rule, protocol, ports);
                if (seen ? asksFor(rule, protocol, ports) : !accepts[rule]) {
                    return seen && accepts[rule];
                }
            }
        }
        return rules == 0;
    }

    private boolean isOf(int version, int rule) {
        int wanted = numbers[rule * INTS];
        return wanted == ANY || wanted == version;
    }

    private boolean isWithin(int prefix, long high, long low) {
        return (high & addresses[prefix + 1]) == addresses[prefix]
                && (low & addresses[prefix + 3]) == addresses[prefix + 2];
    }

    /** Whether the packet shows all that the rule asks for. */
    private boolean isSeen(int rule, int protocol, long ports) {
        int wanted = numbers[rule * INTS + 1];
        if (wanted == FilterRule.ANY_PROTOCOL || (protocol != UNSEEN && protocol != wanted)) {
            return true;
        }
        return protocol != UNSEEN && (!asksForPorts[rule] || ports != UNSEEN);
    }

    private boolean asksFor(int rule, int protocol, long ports) {
        int at = rule * INTS;
        int wanted = numbers[at + 1];
        if (wanted == FilterRule.ANY_PROTOCOL) {
            return true;
        }
        if (wanted != protocol) {
            return false;
        }
        int source = (int) (ports >>> 16 & 0xffff);
        int destination = (int) (ports & 0xffff);
        return !asksForPorts[rule]
                || (source >= numbers[at + 2]
                        && source <= numbers[at + 3]
                        && destination >= numbers[at + 4]
                        && destination <= numbers[at + 5]);
    }
}
