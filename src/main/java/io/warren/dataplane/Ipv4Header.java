package io.warren.dataplane;

import io.warren.config.Ipv4;
import java.lang.foreign.MemorySegment;

/** Where the fields of an IPv4 header are (RFC 791 §3.1), and whether a header can be trusted. */
final class Ipv4Header {
    static final int SHORTEST_HEADER = 20;
    static final int ICMP = 1;

    static final int DONT_FRAGMENT = 0x4000;
    static final int MORE_FRAGMENTS = 0x2000;

    /** The fragment offset and the MF bit: zero in a packet that is whole. */
    private static final int FRAGMENT = 0x3fff;

    private Ipv4Header() {}

    /**
     * The packet's own length, when its header fits into {@code length} octets and its lengths agree; octets after it
     * are padding. -1 when it is not a sound IPv4 packet.
     */
    static int soundLength(MemorySegment memory, long at, int length) {
        if (length < SHORTEST_HEADER || Octets.u8(memory, at) >>> 4 != 4) {
            return -1;
        }
        int header = headerLength(memory, at);
        int total = totalLength(memory, at);
        return header >= SHORTEST_HEADER && header <= total && total <= length ? total : -1;
    }

    static int headerLength(MemorySegment memory, long at) {
        return (Octets.u8(memory, at) & 0x0f) * 4;
    }

    static int totalLength(MemorySegment memory, long at) {
        return Octets.u16(memory, at + 2);
    }

    static boolean dontFragment(MemorySegment memory, long at) {
        return (Octets.u16(memory, at + 6) & DONT_FRAGMENT) != 0;
    }

    static boolean isFragment(MemorySegment memory, long at) {
        return (Octets.u16(memory, at + 6) & FRAGMENT) != 0;
    }

    /** Whether this is the packet's beginning, where the header of the next protocol is. */
    static boolean isFirst(MemorySegment memory, long at) {
        return (Octets.u16(memory, at + 6) & 0x1fff) == 0;
    }

    static int protocol(MemorySegment memory, long at) {
        return Octets.u8(memory, at + 9);
    }

    static int source(MemorySegment memory, long at) {
        return Octets.i32(memory, at + 12);
    }

    static int destination(MemorySegment memory, long at) {
        return Octets.i32(memory, at + 16);
    }

    /** Computes the header's checksum anew. */
    static void setChecksum(MemorySegment memory, long at) {
        Octets.put16(memory, at + 10, 0);
        Octets.put16(memory, at + 10, InternetChecksum.of(memory, at, headerLength(memory, at)));
    }

    static String dotted(int address) {
        return Ipv4.dotted(address);
    }
}
