package io.warren.dataplane;

import io.warren.sys.AddressBits;
import java.lang.foreign.MemorySegment;

/**
 * What stands before each packet that one node of a cluster sends to another, 24 or 56 octets, all numbers big-endian:
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
 * <p>In the kinds of IPv6 both IPv4 addresses are 0, and behind the cookie follow the peer's IPv6 address and ours. A node
 * of a version that does not know these kinds drops and counts them.
 *
 * <p>Hops count the relays that the packet has left: 1 or 2. The traffic class and the flags are of the outer IP header
 * that a {@link #SEND} is to get; elsewhere they are 0.
 */
final class RelayHeader {
    /** Octets of the header, but for the kinds of IPv6: what is there in each kind. */
    static final int LENGTH = 24;

    /** Octets of the header in the kinds of IPv6. */
    static final int IPV6_LENGTH = LENGTH + 32;

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

    /** Kind: {@link #UP} for a peer with IPv6. */
    static final int UP_IPV6 = 6;

    /** Kind: {@link #SEND} for a peer with IPv6. */
    static final int SEND_IPV6 = 7;

    /** One more than the highest kind. */
    static final int KINDS = 8;

    /** A packet that has left so many relays stays where it is. */
    static final int MOST_HOPS = 2;

    private static final int DONT_FRAGMENT = 1;

    private RelayHeader() {}

    /** The kind that says of an IPv6 peer what {@code kind}, {@link #UP} or {@link #SEND}, says of one with IPv4. */
    static int kind(int kind, boolean ipv6) {
        return ipv6 ? (kind == UP ? UP_IPV6 : SEND_IPV6) : kind;
    }

    /** Octets of the header of that kind. */
    static int length(int kind) {
        return kind >= UP_IPV6 ? IPV6_LENGTH : LENGTH;
    }

    /** Writes the header of a kind that has no peer. */
    static void put(MemorySegment memory, long at, int kind, int hops, long cookie) {
        Octets.put32(memory, at, kind << 24 | hops << 16);
        Octets.put64(memory, at + 4, 0);
        Octets.put32(memory, at + 12, 0);
        Octets.put64(memory, at + 16, cookie);
    }

    /**
     * Writes the header at {@code at}.
     *
     * @param kind as {@link #kind(int, boolean)} has it for this path
     * @param outer see {@link Outbox#outer}
     */
    static void put(MemorySegment memory, long at, int kind, int hops, OuterPath path, int outer, long cookie) {
        int flags = Outbox.dontFragment(outer) ? DONT_FRAGMENT : 0;
        boolean ipv6 = length(kind) == IPV6_LENGTH;
        Octets.put32(memory, at, kind << 24 | hops << 16 | Outbox.trafficClass(outer) << 8 | flags);
        Octets.put32(memory, at + 4, ipv6 ? 0 : (int) path.peerLow);
        Octets.put32(memory, at + 8, path.peerPort << 16 | path.localPort);
        Octets.put32(memory, at + 12, ipv6 ? 0 : (int) path.localLow);
        Octets.put64(memory, at + 16, cookie);
        if (ipv6) {
            Octets.put64(memory, at + 24, path.peerHigh);
            Octets.put64(memory, at + 32, path.peerLow);
            Octets.put64(memory, at + 40, path.localHigh);
            Octets.put64(memory, at + 48, path.localLow);
        }
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

    /** Reads both ends; a header of this kind must be there as a whole. */
    static void read(MemorySegment memory, long at, int kind, OuterPath into) {
        int peerPort = Octets.u16(memory, at + 8);
        int localPort = Octets.u16(memory, at + 10);
        if (length(kind) == IPV6_LENGTH) {
            into.setPeer(Octets.i64(memory, at + 24), Octets.i64(memory, at + 32), peerPort);
            into.setLocal(Octets.i64(memory, at + 40), Octets.i64(memory, at + 48), localPort);
        } else {
            into.setPeer(0, AddressBits.ofIpv4(Octets.i32(memory, at + 4)), peerPort);
            into.setLocal(0, AddressBits.ofIpv4(Octets.i32(memory, at + 12)), localPort);
        }
    }

    static long cookie(MemorySegment memory, long at) {
        return Octets.i64(memory, at + 16);
    }
}
