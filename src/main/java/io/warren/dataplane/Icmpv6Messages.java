package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** The ICMPv6 messages that the data plane itself writes (RFC 4443 §3.2, §4.2). */
final class Icmpv6Messages {
    static final int ICMPV6 = 58;

    private static final int PACKET_TOO_BIG = 2;
    private static final int ECHO_REQUEST = 128;
    private static final int ECHO_REPLY = 129;
    private static final int HEADER = 8;
    private static final int HOP_LIMIT = 64;

    /** Below this, types are errors. */
    private static final int FIRST_INFORMATIONAL = 128;

    /** An error quotes as much as fits into the least MTU (RFC 4443 §2.4 (c)). */
    static final int LARGEST_COMPLAINT = Ipv6Header.LEAST_MTU;

    private Icmpv6Messages() {}

    /** Whether the sound IPv6 packet at {@code at} is an ICMPv6 echo request with a right checksum. */
    static boolean isEchoRequest(MemorySegment memory, long at, int length) {
        return Ipv6Header.nextHeader(memory, at) == ICMPV6
                && length - Ipv6Header.LENGTH >= HEADER
                && Octets.u16(memory, at + Ipv6Header.LENGTH) == ECHO_REQUEST << 8
                && checksum(memory, at, length) == 0;
    }

    /** Turns an echo request into its reply, in place. */
    static void turnIntoEchoReply(MemorySegment memory, long at, int length) {
        long high = Octets.i64(memory, at + 8);
        long low = Octets.i64(memory, at + 16);
        Octets.put64(memory, at + 8, Octets.i64(memory, at + 24));
        Octets.put64(memory, at + 16, Octets.i64(memory, at + 32));
        Octets.put64(memory, at + 24, high);
        Octets.put64(memory, at + 32, low);
        Octets.put8(memory, at + 7, HOP_LIMIT);
        complete(memory, at, length, ECHO_REPLY);
    }

    /**
     * Writes "packet too big" about the packet at {@code at} to {@code to}.
     *
     * @param fromHigh, fromLow our address
     * @param mtu what would fit
     * @return its length; 0 when none may be sent about this packet (an ICMPv6 error, or a source that is not one host:
     *     RFC 4443 §2.4 (e))
     */
    static int packetTooBig(
            MemorySegment memory,
            long at,
            int length,
            MemorySegment target,
            long to,
            long fromHigh,
            long fromLow,
            int mtu) {
        long sourceHigh = Octets.i64(memory, at + 8);
        if (!Ipv6Header.isGlobal(sourceHigh) || isError(memory, at, length)) {
            return 0;
        }
        int quoted = Math.min(length, LARGEST_COMPLAINT - Ipv6Header.LENGTH - HEADER);
        int total = Ipv6Header.LENGTH + HEADER + quoted;
        Octets.put32(target, to, 6 << 28);
        Octets.put16(target, to + 4, total - Ipv6Header.LENGTH);
        Octets.put16(target, to + 6, ICMPV6 << 8 | HOP_LIMIT);
        Octets.put64(target, to + 8, fromHigh);
        Octets.put64(target, to + 16, fromLow);
        Octets.put64(target, to + 24, sourceHigh);
        Octets.put64(target, to + 32, Octets.i64(memory, at + 16));
        Octets.put32(target, to + Ipv6Header.LENGTH + 4, mtu);
        MemorySegment.copy(memory, at, target, to + Ipv6Header.LENGTH + HEADER, quoted);
        complete(target, to, total, PACKET_TOO_BIG);
        return total;
    }

    /** Type, code 0 and checksum. */
    private static void complete(MemorySegment memory, long at, int length, int type) {
        long icmp = at + Ipv6Header.LENGTH;
        Octets.put16(memory, icmp, type << 8);
        Octets.put16(memory, icmp + 2, 0);
        Octets.put16(memory, icmp + 2, checksum(memory, at, length));
    }

    /** Over pseudo-header and message (RFC 8200 §8.1), complemented: 0 over a message whose checksum is right. */
    private static int checksum(MemorySegment memory, long at, int length) {
        long sum = (long) WordSum.of(memory, at + 8, length - 8) + ICMPV6 + length - Ipv6Header.LENGTH;
        return ~WordSum.fold(sum) & 0xffff;
    }

    private static boolean isError(MemorySegment memory, long at, int length) {
        return Ipv6Header.nextHeader(memory, at) == ICMPV6
                && (length == Ipv6Header.LENGTH || Octets.u8(memory, at + Ipv6Header.LENGTH) < FIRST_INFORMATIONAL);
    }
}
