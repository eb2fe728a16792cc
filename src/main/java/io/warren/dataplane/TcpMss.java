package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** Lowers the Maximum Segment Size option of TCP SYN segments (RFC 9293 §3.7.1), so that no packet outgrows a link. */
final class TcpMss {
    /** What IPv4 and TCP take of a packet at least: MSS = MTU - 40. */
    static final int HEADERS = 40;

    /** What IPv6 and TCP take: MSS = MTU - 60. */
    static final int IPV6_HEADERS = 60;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;

    private TcpMss() {}

    /**
     * Clamps the segment in place and corrects its checksum. A packet that is not a TCP SYN, or holds no MSS option, or
     * cannot be parsed, is left as it is.
     *
     * @param at where a sound IPv4 packet begins
     * @param length its total length
     * @return whether anything was changed
     */
    static boolean clamp(MemorySegment memory, long at, int length, int largest) {
        if (Ipv4Header.protocol(memory, at) != TransportHeader.TCP || !Ipv4Header.isFirst(memory, at)) {
            return false;
        }
        int ipHeader = Ipv4Header.headerLength(memory, at);
        if (length - ipHeader < TransportHeader.TCP_HEADER) {
            return false;
        }
        return clampSegment(memory, at + ipHeader, length - ipHeader, largest);
    }

    /**
     * The same for an IPv6 packet. Extension headers are not looked into: no SYN has any.
     *
     * @param at where a sound IPv6 packet begins
     */
    static boolean clampIpv6(MemorySegment memory, long at, int length, int largest) {
        return Ipv6Header.nextHeader(memory, at) == TransportHeader.TCP
                && length - Ipv6Header.LENGTH >= TransportHeader.TCP_HEADER
                && clampSegment(memory, at + Ipv6Header.LENGTH, length - Ipv6Header.LENGTH, largest);
    }

    private static boolean clampSegment(MemorySegment memory, long tcp, int length, int largest) {
        if ((Octets.u8(memory, tcp + 13) & TransportHeader.SYN) == 0) {
            return false;
        }
        int tcpHeader = (Octets.u8(memory, tcp + 12) >>> 4) * 4;
        if (tcpHeader > length) {
            return false;
        }
        int option = findMss(memory, tcp, tcpHeader);
        return option > 0 && lower(memory, tcp, option + 2, largest);
    }

    /** Offset of the MSS option in the TCP header, or -1. */
    private static int findMss(MemorySegment memory, long tcp, int end) {
        int index = TransportHeader.TCP_HEADER;
        while (index < end) {
            int kind = Octets.u8(memory, tcp + index);
            if (kind == OPTION_END) {
                return -1;
            }
            if (kind == OPTION_NOP) {
                index++;
                continue;
            }
            if (index + 2 > end) {
                return -1;
            }
            int length = Octets.u8(memory, tcp + index + 1);
            if (length < 2 || length > end - index) {
                return -1;
            }
            if (kind == OPTION_MSS && length == 4) {
                return index;
            }
            index += length;
        }
        return -1;
    }

    private static boolean lower(MemorySegment memory, long tcp, int value, int largest) {
        int mss = Octets.u16(memory, tcp + value);
        if (mss <= largest) {
            return false;
        }
        Octets.put16(memory, tcp + value, largest);
        int checksum = Octets.u16(memory, tcp + 16);
        // At an odd offset the value lies across two words of the sum, which amounts to its octets being swapped.
        boolean odd = (value & 1) != 0;
        int updated = odd
                ? InternetChecksum.update(checksum, swap(mss), swap(largest))
                : InternetChecksum.update(checksum, mss, largest);
        Octets.put16(memory, tcp + 16, updated);
        return true;
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }
}
