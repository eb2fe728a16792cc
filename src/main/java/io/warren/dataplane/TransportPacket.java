package io.warren.dataplane;

import static io.warren.dataplane.TransportHeader.ACK;
import static io.warren.dataplane.TransportHeader.PSH;
import static io.warren.dataplane.TransportHeader.TCP;
import static io.warren.dataplane.TransportHeader.TCP_HEADER;
import static io.warren.dataplane.TransportHeader.UDP;
import static io.warren.dataplane.TransportHeader.UDP_HEADER;

import java.lang.foreign.MemorySegment;

/**
 * Looks at an IP packet for {@link Coalescing} and remembers what it found until the next: which flow it is of, whether
 * packets like it may be merged at all, and whether it continues another. One instance per thread. The rules are those
 * of Linux, which undoes the merging: {@code tcp_gro_receive}, {@code udp_gro_receive_segment} and
 * {@code inet_gro_flush}. As there, whatever the kernel copies from the first packet's headers to all of them must be
 * the same in all of them.
 */
final class TransportPacket {
    /** What a packet means to those before it. */
    enum Kind {
        /** Not an IP packet whose lengths agree. */
        UNSOUND,
        /** Of no flow that can be told: a fragment, with IP options or extension headers, or neither TCP nor UDP. */
        FLOW_UNKNOWN,
        /** Of a flow, and to be passed as it is: it holds no data, or more than data and an acknowledgment. */
        SINGLE,
        /** Of a flow, and to be merged with its neighbours. */
        MERGEABLE
    }

    private static final int IPV4_PLAIN = 0x45;
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private final boolean mergesTcp;
    private final boolean mergesUdp;

    private MemorySegment memory = MemorySegment.NULL;
    private long at;
    private int length;
    private boolean ipv4;
    private boolean tcp;
    private int headers;
    private int payload;
    private boolean push;

    /** @param tcp whether TCP packets may be mergeable, and so for {@code udp} */
    TransportPacket(boolean tcp, boolean udp) {
        mergesTcp = tcp;
        mergesUdp = udp;
    }

    /** Looks at the packet at {@code where}; octets after its own length are padding. */
    Kind read(MemorySegment octets, long where, int available) {
        memory = octets;
        at = where;
        length = Ipv4Header.soundLength(octets, where, available);
        ipv4 = length > 0;
        if (!ipv4) {
            length = Ipv6Header.soundLength(octets, where, available);
            return length < 0 ? Kind.UNSOUND : upperLayer(Ipv6Header.nextHeader(octets, where));
        }
        boolean plain = Octets.u8(octets, where) == IPV4_PLAIN
                && (Octets.u16(octets, where + 6) & ~Ipv4Header.DONT_FRAGMENT) == 0;
        return plain ? upperLayer(Ipv4Header.protocol(octets, where)) : Kind.FLOW_UNKNOWN;
    }

    private Kind upperLayer(int protocol) {
        tcp = protocol == TCP;
        int room = length - upper();
        if (tcp) {
            return room < TCP_HEADER ? Kind.FLOW_UNKNOWN : tcpKind(room);
        }
        return protocol != UDP || room < UDP_HEADER ? Kind.FLOW_UNKNOWN : udpKind(room);
    }

    /** Data with ACK and perhaps PSH; the reserved bits of RFC 9293 §3.1 must be zero, as must all other flags. */
    private Kind tcpKind(int room) {
        int word = Octets.u16(memory, at + upper() + 12);
        int header = (word >>> 12) * 4;
        headers = upper() + header;
        payload = room - header;
        push = (word & PSH) != 0;
        boolean data = header >= TCP_HEADER && payload > 0 && (word & 0x0fff & ~PSH) == ACK;
        return data && mergesTcp ? Kind.MERGEABLE : Kind.SINGLE;
    }

    /** Without a checksum the kernel does not merge either, since the segments will have one. */
    private Kind udpKind(int room) {
        long udp = at + upper();
        headers = upper() + UDP_HEADER;
        payload = room - UDP_HEADER;
        push = false;
        boolean data = payload > 0 && Octets.u16(memory, udp + 4) == room && Octets.u16(memory, udp + 6) != 0;
        return data && mergesUdp ? Kind.MERGEABLE : Kind.SINGLE;
    }

    /** The packet's own length. */
    int length() {
        return length;
    }

    boolean ipv4() {
        return ipv4;
    }

    boolean tcp() {
        return tcp;
    }

    /** Octets before the TCP or UDP header. */
    int upper() {
        return ipv4 ? Ipv4Header.SHORTEST_HEADER : Ipv6Header.LENGTH;
    }

    /** Octets before the payload. */
    int headers() {
        return headers;
    }

    /** Octets of the payload. */
    int payload() {
        return payload;
    }

    /** Whether nothing may follow this packet in the one it is merged into. */
    boolean push() {
        return push;
    }

    /** The IPv4 identification; 0 for IPv6. */
    int identification() {
        return ipv4 ? Octets.u16(memory, at + 4) : 0;
    }

    boolean dontFragment() {
        return ipv4 && Ipv4Header.dontFragment(memory, at);
    }

    /** Equal for packets of one flow; {@code session} is mixed in. */
    int flowHash(int session) {
        long addresses = ipv4
                ? Octets.i64(memory, at + 12)
                : (Octets.i64(memory, at + 8) * MIX + Octets.i64(memory, at + 16)) * MIX
                        + Octets.i64(memory, at + 24) * 31
                        + Octets.i64(memory, at + 32);
        long rest = (long) session << 32 | (Octets.i32(memory, at + upper()) & 0xffff_ffffL);
        long mixed = (addresses * MIX ^ rest) * MIX;
        return (int) (mixed >>> 32) ^ (tcp ? 1 : 0);
    }

    /** Whether the other packet, which was mergeable, has the same version, addresses, protocol and ports. */
    boolean sameFlow(MemorySegment other, long where) {
        if (Octets.u8(other, where) >>> 4 != (ipv4 ? 4 : 6)) {
            return false;
        }
        if (ipv4) {
            return Octets.i64(other, where + 12) == Octets.i64(memory, at + 12)
                    && Octets.i32(other, where + 20) == Octets.i32(memory, at + 20)
                    && Octets.u8(other, where + 9) == Octets.u8(memory, at + 9);
        }
        return Octets.i32(other, where + 40) == Octets.i32(memory, at + 40)
                && Octets.i64(other, where + 8) == Octets.i64(memory, at + 8)
                && Octets.i64(other, where + 16) == Octets.i64(memory, at + 16)
                && Octets.i64(other, where + 24) == Octets.i64(memory, at + 24)
                && Octets.i64(other, where + 32) == Octets.i64(memory, at + 32)
                && Octets.u8(other, where + 6) == Octets.u8(memory, at + 6);
    }

    /**
     * Whether this packet, being of the same flow, has the headers of the other but for lengths, checksums and
     * identification, and continues {@code octets} of payload that begin there.
     */
    boolean continues(MemorySegment other, long where, int octets) {
        return sameIpHeader(other, where) && (!tcp || sameTcpHeader(other, where + upper(), octets));
    }

    private boolean sameIpHeader(MemorySegment other, long where) {
        if (ipv4) {
            return Octets.u8(other, where + 1) == Octets.u8(memory, at + 1)
                    && Octets.i32(other, where + 6) == Octets.i32(memory, at + 6);
        }
        return Octets.i32(other, where) == Octets.i32(memory, at)
                && Octets.u8(other, where + 7) == Octets.u8(memory, at + 7);
    }

    /** The window lies in one word with the flags, and Linux compares both; options and urgent pointer as well. */
    private boolean sameTcpHeader(MemorySegment other, long where, int octets) {
        long here = at + upper();
        int flags = PSH << 16;
        if (Octets.i32(other, where + 4) + octets != Octets.i32(memory, here + 4)
                || Octets.i32(other, where + 8) != Octets.i32(memory, here + 8)
                || ((Octets.i32(other, where + 12) ^ Octets.i32(memory, here + 12)) & ~flags) != 0
                || Octets.u16(other, where + 18) != Octets.u16(memory, here + 18)) {
            return false;
        }
        for (int index = TCP_HEADER; index < headers - upper(); index += 4) {
            if (Octets.i32(other, where + index) != Octets.i32(memory, here + index)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this packet's checksums are right. */
    boolean verified() {
        return verified(memory, at, length);
    }

    /**
     * Whether the checksums of a mergeable packet of the same IP version and protocol are right. The addresses of the
     * pseudo-header lie just before the TCP or UDP header.
     */
    boolean verified(MemorySegment other, long where, int size) {
        if (ipv4 && WordSum.ofTwenty(other, where) != 0xffff) {
            return false;
        }
        int addresses = ipv4 ? 12 : 8;
        long sum = WordSum.of(other, where + addresses, size - addresses);
        return WordSum.fold(sum + (tcp ? TCP : UDP) + size - upper()) == 0xffff;
    }
}
