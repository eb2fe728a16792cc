package io.warren.dataplane;

import io.warren.config.Ipv4;
import java.lang.foreign.MemorySegment;

/** The two ICMP messages that the data plane itself writes (RFC 792, RFC 1191 §4). */
final class IcmpMessages {
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int ECHO_REQUEST = 8;
    private static final int ICMP_HEADER = 8;
    private static final int TIME_TO_LIVE = 64;

    /** Of the packet that is complained about, its header and this many octets are quoted (RFC 792). */
    private static final int QUOTED_DATA = 8;

    /** Largest "fragmentation needed" message: two IPv4 headers of full length, ICMP, the quoted octets. */
    static final int LARGEST_COMPLAINT = Ipv4Header.SHORTEST_HEADER + ICMP_HEADER + 60 + QUOTED_DATA;

    private IcmpMessages() {}

    /** Whether the sound IPv4 packet at {@code at} is a whole ICMP echo request with a right checksum. */
    static boolean isEchoRequest(MemorySegment memory, long at, int length) {
        int header = Ipv4Header.headerLength(memory, at);
        return Ipv4Header.protocol(memory, at) == Ipv4Header.ICMP
                && !Ipv4Header.isFragment(memory, at)
                && length - header >= ICMP_HEADER
                && Octets.u16(memory, at + header) == ECHO_REQUEST << 8
                && InternetChecksum.of(memory, at + header, length - header) == 0;
    }

    /** Turns an echo request into its reply, in place. */
    static void turnIntoEchoReply(MemorySegment memory, long at) {
        int source = Ipv4Header.source(memory, at);
        Octets.put32(memory, at + 12, Ipv4Header.destination(memory, at));
        Octets.put32(memory, at + 16, source);
        Octets.put8(memory, at + 8, TIME_TO_LIVE);
        Ipv4Header.setChecksum(memory, at);
        long icmp = at + Ipv4Header.headerLength(memory, at);
        int checksum = Octets.u16(memory, icmp + 2);
        Octets.put16(memory, icmp, ECHO_REPLY << 8);
        Octets.put16(memory, icmp + 2, InternetChecksum.update(checksum, ECHO_REQUEST << 8, ECHO_REPLY << 8));
    }

    /**
     * Writes "fragmentation needed and DF set" about the packet at {@code at} to {@code to}.
     *
     * @param from our address
     * @param nextHopMtu what would fit
     * @return its length; 0 when none may be sent about this packet (an ICMP error, a later fragment, or a source that
     *     is not one host: RFC 1122 §3.2.2, for routers RFC 1812 §4.3.2.7)
     */
    static int fragmentationNeeded(
            MemorySegment memory, long at, int length, MemorySegment target, long to, int from, int nextHopMtu) {
        int header = Ipv4Header.headerLength(memory, at);
        if (!Ipv4Header.isFirst(memory, at)
                || isIcmpError(memory, at, length)
                || !new Ipv4(Ipv4Header.source(memory, at)).isAssignable()) {
            return 0;
        }
        int quoted = Math.min(length, header + QUOTED_DATA);
        int total = Ipv4Header.SHORTEST_HEADER + ICMP_HEADER + quoted;
        Octets.put16(target, to, 0x45_00);
        Octets.put16(target, to + 2, total);
        Octets.put32(target, to + 4, 0);
        Octets.put16(target, to + 8, TIME_TO_LIVE << 8 | Ipv4Header.ICMP);
        Octets.put32(target, to + 12, from);
        Octets.put32(target, to + 16, Ipv4Header.source(memory, at));
        Ipv4Header.setChecksum(target, to);
        long icmp = to + Ipv4Header.SHORTEST_HEADER;
        Octets.put16(target, icmp, UNREACHABLE << 8 | FRAGMENTATION_NEEDED);
        Octets.put16(target, icmp + 2, 0);
        Octets.put16(target, icmp + 4, 0);
        Octets.put16(target, icmp + 6, nextHopMtu);
        MemorySegment.copy(memory, at, target, icmp + ICMP_HEADER, quoted);
        Octets.put16(target, icmp + 2, InternetChecksum.of(target, icmp, ICMP_HEADER + quoted));
        return total;
    }

    private static boolean isIcmpError(MemorySegment memory, long at, int length) {
        int header = Ipv4Header.headerLength(memory, at);
        if (Ipv4Header.protocol(memory, at) != Ipv4Header.ICMP || length <= header) {
            return false;
        }
        int type = Octets.u8(memory, at + header);
        return type == UNREACHABLE || type == 4 || type == 5 || type == 11 || type == 12;
    }
}
