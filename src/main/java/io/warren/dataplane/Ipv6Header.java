package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** Where the fields of an IPv6 header are (RFC 8200 §3), and whether a header can be trusted. */
final class Ipv6Header {
    static final int LENGTH = 40;

    /** What every link carries (RFC 8200 §5). */
    static final int LEAST_MTU = 1_280;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;

    private Ipv6Header() {}

    /**
     * The packet's own length, when the header fits into {@code length} octets and its lengths agree; octets after it
     * are padding. -1 when it is not a sound IPv6 packet. A jumbogram (RFC 2675) is not taken for one.
     */
    static int soundLength(MemorySegment memory, long at, int length) {
        if (length < LENGTH || Octets.u8(memory, at) >>> 4 != 6) {
            return -1;
        }
        int total = totalLength(memory, at);
        return total <= length ? total : -1;
    }

    /** Whether the packet is larger than what every link carries (RFC 8200 §5). */
    static boolean exceedsLeastMtu(MemorySegment memory, long at) {
        return totalLength(memory, at) > LEAST_MTU;
    }

    static int totalLength(MemorySegment memory, long at) {
        return LENGTH + Octets.u16(memory, at + 4);
    }

    /** The first 64 bits of the source address. */
    static long sourceHigh(MemorySegment memory, long at) {
        return Octets.i64(memory, at + 8);
    }

    /** The last 64 bits of the source address. */
    static long sourceLow(MemorySegment memory, long at) {
        return Octets.i64(memory, at + 16);
    }

    /** The first 64 bits of the destination address. */
    static long destinationHigh(MemorySegment memory, long at) {
        return Octets.i64(memory, at + 24);
    }

    /** Whether an address stays on its link: link-local, multicast (none is routed here), or unspecified and loopback. */
    static boolean isLocal(long high) {
        return high >>> 54 == 0xfe80 >>> 6 || high >>> 56 == 0xff || high == 0;
    }

    /** Whether one host somewhere may have it. */
    static boolean isGlobal(long high) {
        return !isLocal(high);
    }

    static int nextHeader(MemorySegment memory, long at) {
        return Octets.u8(memory, at + 6);
    }

    /**
     * The protocol whose header is {@code upper} octets from the packet's beginning, when a chain of extension headers
     * (RFC 8200 §4) leads exactly there; else -1, also for fragments and for packets whose source route is not at its
     * end, since their upper layer's checksum covers another destination (RFC 8200 §8.1).
     */
    static int protocolAt(MemorySegment memory, long at, int length, int upper) {
        int protocol = nextHeader(memory, at);
        int next = LENGTH;
        while (next < upper) {
            boolean routing = protocol == ROUTING;
            boolean known = routing || protocol == HOP_BY_HOP || protocol == DESTINATION_OPTIONS;
            if (!known || length - next < 8 || (routing && Octets.u8(memory, at + next + 3) != 0)) {
                return -1;
            }
            protocol = Octets.u8(memory, at + next);
            next += 8 + Octets.u8(memory, at + next + 1) * 8;
        }
        return next == upper ? protocol : -1;
    }
}
