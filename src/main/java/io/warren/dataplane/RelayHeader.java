package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/**
 * What stands before each packet that one node of a cluster sends to another, 24 octets, all numbers big-endian:
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+---------------+---------------+
 * |     kind      |     hops      | traffic class |     flags     |
 * +---------------+---------------+---------------+---------------+
 * |                      the peer's IPv4 address                  |
 * +-------------------------------+-------------------------------+
 * |        the peer's port        |            our port           |
 * +-------------------------------+-------------------------------+
 * |              our IPv4 address, as the peer knows it           |
 * +---------------------------------------------------------------+
 * |                                                               |
 * |                cookie, see {@link RelayCookie}                |
 * +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Hops count the relays that the packet has left: 1 or 2. The traffic class and the flags are of the outer IP header
 * that a {@link #SEND} is to get; elsewhere they are 0.
 */
final class RelayHeader {
    /** Octets of the header. */
    static final int LENGTH = 24;

    /** Kind: an L2TP datagram from a peer, as it came. */
    static final int UP = 1;

    /** Kind: an IP packet for a subscriber. Peer and local end are 0. */
    static final int DOWN = 2;

    /** Kind: an L2TP datagram that the receiver is to send to the peer, from that end of ours. */
    static final int SEND = 3;

    /** Kind: nothing but a sign of life. */
    static final int ALIVE = 4;

    /** Kind: the sender goes, and is to be taken for silent at once. */
    static final int BYE = 5;

    /** One more than the highest kind. */
    static final int KINDS = 6;

    /** A packet that has left so many relays stays where it is. */
    static final int MOST_HOPS = 2;

    private static final int DONT_FRAGMENT = 1;

    private RelayHeader() {}

    /**
     * Writes the header at {@code at}.
     *
     * @param peer see {@link Ends}
     * @param local see {@link Ends}
     * @param outer see {@link Outbox#outer}
     */
    static void put(MemorySegment memory, long at, int kind, int hops, long peer, long local, int outer, long cookie) {
        int flags = Outbox.dontFragment(outer) ? DONT_FRAGMENT : 0;
        Octets.put32(memory, at, kind << 24 | hops << 16 | Outbox.trafficClass(outer) << 8 | flags);
        Octets.put32(memory, at + 4, Ends.address(peer));
        Octets.put32(memory, at + 8, Ends.port(peer) << 16 | Ends.port(local));
        Octets.put32(memory, at + 12, Ends.address(local));
        Octets.put64(memory, at + 16, cookie);
    }

    static int kind(MemorySegment memory, long at) {
        return Octets.u8(memory, at);
    }

    static int hops(MemorySegment memory, long at) {
        return Octets.u8(memory, at + 1);
    }

    static int outer(MemorySegment memory, long at) {
        return Outbox.outer(Octets.u8(memory, at + 2), (Octets.u8(memory, at + 3) & DONT_FRAGMENT) != 0);
    }

    static long peer(MemorySegment memory, long at) {
        return Ends.of(Octets.i32(memory, at + 4), Octets.u16(memory, at + 8));
    }

    static long local(MemorySegment memory, long at) {
        return Ends.of(Octets.i32(memory, at + 12), Octets.u16(memory, at + 10));
    }

    static long cookie(MemorySegment memory, long at) {
        return Octets.i64(memory, at + 16);
    }
}
