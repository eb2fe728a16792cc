package io.warren.dataplane;

import static io.warren.dataplane.TransportHeader.CWR;
import static io.warren.dataplane.TransportHeader.FIN;
import static io.warren.dataplane.TransportHeader.PSH;
import static io.warren.dataplane.TransportHeader.RST;
import static io.warren.dataplane.TransportHeader.SYN;
import static io.warren.dataplane.TransportHeader.TCP;
import static io.warren.dataplane.TransportHeader.TCP_CHECKSUM;
import static io.warren.dataplane.TransportHeader.TCP_HEADER;
import static io.warren.dataplane.TransportHeader.UDP;
import static io.warren.dataplane.TransportHeader.UDP_CHECKSUM;
import static io.warren.dataplane.TransportHeader.UDP_HEADER;

import java.lang.foreign.MemorySegment;

/**
 * Cuts what a TUN device with offloads hands out into the packets that go on the wire: one TCP or UDP packet larger
 * than any link (TSO, USO) with a {@link VirtioHeader} before it becomes segments with headers and checksums of their
 * own, and a checksum left undone is completed. Looks at one read at a time, remembers it until the next, and keeps no
 * copy. One instance per thread.
 *
 * <p>What is shared by the segments is summed once: per segment there are the payload and the words that differ.
 */
final class Segmentation {
    private MemorySegment memory = MemorySegment.NULL;
    private long packet;
    private int segments;
    private int headers;
    private int payload;
    private int payloadPerSegment;

    /** Where the TCP or UDP header, or whatever the checksum covers, begins; from the packet's beginning. */
    private int upper;

    /** Where the checksum is, from {@link #upper}; -1 when there is nothing to complete. */
    private int checksum;

    private boolean ipv4;
    private boolean tcp;
    private int identification;
    private int sequence;
    private int offsetAndFlags;

    /** The sum of the IPv4 header without total length, identification and checksum. */
    private long ipv4Sum;

    /** The sum of pseudo-header and TCP or UDP header without whatever differs between segments. */
    private long upperSum;

    /**
     * Looks at a read from the TUN device.
     *
     * @param vnet where the virtio header begins; the IP packet follows it
     * @param length octets of the header and the packet
     * @return whether there is anything to send; when not, header and packet contradict each other or are of a kind
     *     that was not asked for
     */
    boolean open(MemorySegment source, long vnet, int length) {
        segments = 0;
        if (vnet < 0 || length <= VirtioHeader.LENGTH || length > source.byteSize() - vnet) {
            return false;
        }
        memory = source;
        packet = vnet + VirtioHeader.LENGTH;
        int size = length - VirtioHeader.LENGTH;
        boolean needsChecksum = (VirtioHeader.flags(source, vnet) & VirtioHeader.NEEDS_CSUM) != 0;
        int type = VirtioHeader.gsoType(source, vnet);
        if (!needsChecksum) {
            return type == VirtioHeader.GSO_NONE && single(size, -1);
        }
        upper = VirtioHeader.csumStart(source, vnet);
        int offset = VirtioHeader.csumOffset(source, vnet);
        if (!soundIp(size) || offset + 2 > size - upper) {
            return false;
        }
        if (type == VirtioHeader.GSO_NONE) {
            return single(size, offset);
        }
        return soundUpper(type, offset, size) && cut(VirtioHeader.gsoSize(source, vnet), size, offset);
    }

    /** How many packets there are to write: 0 when {@link #open} said no. */
    int segments() {
        return segments;
    }

    /** Where the IP packet begins that was read. */
    long packet() {
        return packet;
    }

    /** Octets of packet {@code index}: the same for all but the last. */
    int segmentLength(int index) {
        return headers + (index == segments - 1 ? payload - index * payloadPerSegment : payloadPerSegment);
    }

    /** When there is only one packet: makes it complete where it is, at {@link #packet}, so that it needs no copy. */
    void completeInPlace() {
        if (segments == 1 && checksum >= 0) {
            complete(memory, packet);
        }
    }

    /**
     * Writes packet {@code index} whole, with room for {@link #segmentLength} octets at {@code to}.
     *
     * @return its length
     */
    int write(int index, MemorySegment target, long to) {
        int length = segmentLength(index);
        if (segments == 1) {
            MemorySegment.copy(memory, packet, target, to, length);
            if (checksum >= 0) {
                complete(target, to);
            }
            return length;
        }
        MemorySegment.copy(memory, packet, target, to, headers);
        int from = index * payloadPerSegment;
        int size = length - headers;
        MemorySegment.copy(memory, packet + headers + from, target, to + headers, size);
        int payloadSum = WordSum.of(memory, packet + headers + from, size);
        writeIp(index, length, target, to);
        if (tcp) {
            writeTcp(index, from, length - upper + payloadSum, target, to + upper);
        } else {
            writeUdp(length - upper, payloadSum, target, to + upper);
        }
        return length;
    }

    private boolean single(int size, int checksumOffset) {
        segments = 1;
        headers = 0;
        payload = size;
        payloadPerSegment = size;
        checksum = checksumOffset;
        return true;
    }

    /** Whether the packet is an IP packet of just {@code size} octets whose header ends before {@link #upper}. */
    private boolean soundIp(int size) {
        ipv4 = Ipv4Header.soundLength(memory, packet, size) == size;
        if (ipv4) {
            return upper >= Ipv4Header.headerLength(memory, packet);
        }
        return Ipv6Header.soundLength(memory, packet, size) == size && upper >= Ipv6Header.LENGTH;
    }

    /** Whether there is a header at {@link #upper} that the GSO type speaks of, and finds out where it ends. */
    private boolean soundUpper(int type, int offset, int size) {
        int room = size - upper;
        tcp = type != VirtioHeader.GSO_UDP_L4;
        int kind = tcp ? type & ~VirtioHeader.GSO_ECN : type;
        boolean known = tcp ? kind == (ipv4 ? VirtioHeader.GSO_TCPV4 : VirtioHeader.GSO_TCPV6) : true;
        int shortest = tcp ? TCP_HEADER : UDP_HEADER;
        if (!known || room < shortest || offset != (tcp ? TCP_CHECKSUM : UDP_CHECKSUM) || !carries(tcp ? TCP : UDP)) {
            return false;
        }
        long at = packet + upper;
        int header = tcp ? (Octets.u8(memory, at + 12) >>> 4) * 4 : UDP_HEADER;
        headers = upper + header;
        return header >= shortest && header <= room && (tcp || Octets.u16(memory, at + 4) == room);
    }

    private boolean carries(int protocol) {
        if (!ipv4) {
            return Ipv6Header.protocolAt(memory, packet, upper, upper) == protocol;
        }
        return Ipv4Header.protocol(memory, packet) == protocol
                && Ipv4Header.headerLength(memory, packet) == upper
                && !Ipv4Header.isFragment(memory, packet);
    }

    /** Plans the segments. A payload that fits into one is a packet with its checksum undone, as Linux has it too. */
    private boolean cut(int gsoSize, int size, int checksumOffset) {
        int octets = size - headers;
        if (gsoSize == 0) {
            return false;
        }
        if (octets <= gsoSize) {
            return single(size, checksumOffset);
        }
        if (tcp && (Octets.u8(memory, packet + upper + 13) & (SYN | RST)) != 0) {
            return false;
        }
        payload = octets;
        payloadPerSegment = gsoSize;
        segments = (octets + gsoSize - 1) / gsoSize;
        checksum = checksumOffset;
        sumShared();
        return true;
    }

    private void sumShared() {
        long at = packet + upper;
        upperSum = tcp ? TCP : UDP;
        if (ipv4) {
            identification = Octets.u16(memory, packet + 4);
            ipv4Sum = WordSum.of(memory, packet, 2);
            ipv4Sum += WordSum.of(memory, packet + 6, 4);
            ipv4Sum += WordSum.of(memory, packet + 12, Ipv4Header.headerLength(memory, packet) - 12);
            upperSum += WordSum.of(memory, packet + 12, 8);
        } else {
            upperSum += WordSum.of(memory, packet + 8, 32);
        }
        upperSum += WordSum.of(memory, at, 4);
        if (tcp) {
            sequence = Octets.i32(memory, at + 4);
            offsetAndFlags = Octets.u16(memory, at + 12);
            upperSum += WordSum.of(memory, at + 8, 4);
            upperSum += WordSum.of(memory, at + 14, 2);
            upperSum += WordSum.of(memory, at + 18, headers - upper - 18);
        }
    }

    /** Lengths, and for IPv4 an identification of its own (counted up as Linux does) and the header's checksum. */
    private void writeIp(int index, int length, MemorySegment target, long to) {
        if (!ipv4) {
            Octets.put16(target, to + 4, length - Ipv6Header.LENGTH);
            return;
        }
        int id = identification + index & 0xffff;
        Octets.put16(target, to + 2, length);
        Octets.put16(target, to + 4, id);
        Octets.put16(target, to + 10, ~WordSum.fold(ipv4Sum + length + id));
    }

    /**
     * PSH and FIN belong to the last octet and so to the last segment. CWR says "from here on" and must be in the first
     * only (RFC 3168 §6.1.2: in the first new data packet), or the receiver's next ECN-Echo would be lost.
     */
    private void writeTcp(int index, int from, long sum, MemorySegment target, long at) {
        int word = offsetAndFlags;
        if (index > 0) {
            word &= ~CWR;
        }
        if (index < segments - 1) {
            word &= ~(PSH | FIN);
        }
        int number = sequence + from;
        Octets.put32(target, at + 4, number);
        Octets.put16(target, at + 12, word);
        long all = upperSum + sum + word + (number & 0xffff_ffffL);
        Octets.put16(target, at + TCP_CHECKSUM, ~WordSum.fold(all));
    }

    /** The length counts twice, in the header and in the pseudo-header (RFC 768). */
    private void writeUdp(int length, int payloadSum, MemorySegment target, long at) {
        Octets.put16(target, at + 4, length);
        Octets.put16(target, at + UDP_CHECKSUM, notNone(~WordSum.fold(upperSum + 2L * length + payloadSum)));
    }

    /** Completes the checksum of a single packet, whose field holds the pseudo-header's sum. */
    private void complete(MemorySegment target, long at) {
        int sum = ~WordSum.of(target, at + upper, payload - upper);
        Octets.put16(target, at + upper + checksum, checksum == UDP_CHECKSUM ? notNone(sum) : sum);
    }

    /** A UDP checksum of zero would say that there is none; all ones are the same number (RFC 768). */
    private static int notNone(int checksum) {
        return (checksum & 0xffff) == 0 ? 0xffff : checksum;
    }
}
