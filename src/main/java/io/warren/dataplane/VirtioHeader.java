package io.warren.dataplane;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the fields of {@code struct virtio_net_hdr} (linux/virtio_net.h) are, which precedes each packet on a TUN device
 * with IFF_VNET_HDR. Its numbers are little-endian, as TUNSETVNETLE asks for, unlike those of the packet behind it.
 */
final class VirtioHeader {
    /** Octets of the header. */
    static final int LENGTH = 10;

    /** Flag: the checksum at csum_start + csum_offset holds the pseudo-header's sum only and is to be completed. */
    static final int NEEDS_CSUM = 1;
    /** Flag: the checksum has been verified. */
    static final int DATA_VALID = 2;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;
    /** UDP datagrams of one size back to back, as {@code UDP_SEGMENT} makes them; not fragments. */
    static final int GSO_UDP_L4 = 5;
    /** Added to a TCP type: CWR is set. */
    static final int GSO_ECN = 0x80;

    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private VirtioHeader() {}

    static int flags(MemorySegment memory, long at) {
        return Octets.u8(memory, at);
    }

    static int gsoType(MemorySegment memory, long at) {
        return Octets.u8(memory, at + 1);
    }

    /** Payload octets of each segment but the last. */
    static int gsoSize(MemorySegment memory, long at) {
        return u16(memory, at + 4);
    }

    /** Where the checksum begins to count, from the packet's beginning: the TCP or UDP header. */
    static int csumStart(MemorySegment memory, long at) {
        return u16(memory, at + 6);
    }

    /** Where the checksum is, from {@link #csumStart}. */
    static int csumOffset(MemorySegment memory, long at) {
        return u16(memory, at + 8);
    }

    /** The header of a packet that is just what it is. */
    static void putPlain(MemorySegment memory, long at) {
        Octets.put64(memory, at, 0);
        Octets.put16(memory, at + 8, 0);
    }

    /**
     * The header of a packet that the kernel is to segment and to complete the checksums of.
     *
     * @param hdrLen octets of the IP and TCP or UDP headers
     */
    static void putGso(
            MemorySegment memory, long at, int gsoType, int hdrLen, int gsoSize, int csumStart, int csumOffset) {
        Octets.put8(memory, at, NEEDS_CSUM);
        Octets.put8(memory, at + 1, gsoType);
        put16(memory, at + 2, hdrLen);
        put16(memory, at + 4, gsoSize);
        put16(memory, at + 6, csumStart);
        put16(memory, at + 8, csumOffset);
    }

    private static int u16(MemorySegment memory, long at) {
        return memory.get(SHORT, at) & 0xffff;
    }

    private static void put16(MemorySegment memory, long at, int value) {
        memory.set(SHORT, at, (short) value);
    }
}
