package io.warren.dataplane;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** IP packets with TCP and UDP inside as byte arrays, made and read the slow and obvious way, as an oracle does it. */
final class IpPackets {
    static final int TCP = 6;
    static final int UDP = 17;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    private IpPackets() {}

    /** A TCP header with everything but a checksum. */
    static byte[] tcp(int ports, int sequence, int acknowledgment, int flags, byte[] options) {
        ByteBuffer header = ByteBuffer.allocate(20 + options.length);
        header.putInt(ports).putInt(sequence).putInt(acknowledgment);
        header.put((byte) ((20 + options.length) / 4 << 4)).put((byte) flags).putShort((short) 0x1234);
        return header.putInt(0).put(options).array();
    }

    /** A UDP header with everything but a checksum. */
    static byte[] udp(int ports, int payload) {
        return ByteBuffer.allocate(8)
                .putInt(ports)
                .putShort((short) (8 + payload))
                .putShort((short) 0)
                .array();
    }

    static byte[] ipv4(int protocol, int addresses, int id, int fragment, byte[] options, byte[] data) {
        int header = 20 + options.length;
        ByteBuffer packet = ByteBuffer.allocate(header + data.length);
        packet.put((byte) (0x40 + header / 4)).put((byte) 0x02).putShort((short) (header + data.length));
        packet.putShort((short) id).putShort((short) fragment);
        packet.put((byte) 61).put((byte) protocol).putShort((short) 0);
        packet.putInt(0x0a40_0000 + addresses)
                .putInt(0xc000_0200 + addresses)
                .put(options)
                .put(data);
        return completed(packet.array());
    }

    /** An IPv6 packet; {@code extensions} are whole extension headers, each with its next header filled in. */
    static byte[] ipv6(int protocol, int addresses, int flow, byte[] extensions, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(40 + extensions.length + data.length);
        packet.putInt(0x6020_0000 + flow).putShort((short) (extensions.length + data.length));
        packet.put((byte) (extensions.length == 0 ? protocol : 0)).put((byte) 61);
        packet.putLong(0x2001_0db8_0000_0000L).putLong(addresses);
        packet.putLong(0x2001_0db8_ffff_0000L).putLong(addresses);
        return completed(packet.put(extensions).put(data).array());
    }

    /** Two extension headers, hop-by-hop and destination options, before {@code protocol}. */
    static byte[] extensions(int protocol) {
        byte[] both = new byte[24];
        both[0] = 60;
        both[2] = 1;
        both[3] = 4;
        both[8] = (byte) protocol;
        both[9] = 1;
        both[10] = 1;
        both[11] = 12;
        return both;
    }

    static boolean isIpv4(byte[] packet) {
        return packet[0] >>> 4 == 4;
    }

    /** Octets before the TCP or UDP header, of packets made here. */
    static int upper(byte[] packet) {
        if (isIpv4(packet)) {
            return (packet[0] & 0x0f) * 4;
        }
        return packet[6] == 0 ? 64 : 40;
    }

    static int protocol(byte[] packet) {
        if (isIpv4(packet)) {
            return packet[9];
        }
        return packet[6] == 0 ? packet[48] : packet[6];
    }

    static boolean isFragment(byte[] packet) {
        return isIpv4(packet) && (u16(packet, 6) & 0x3fff) != 0;
    }

    /** Octets before the payload. */
    static int headers(byte[] packet) {
        int upper = upper(packet);
        return upper + (protocol(packet) == TCP ? (packet[upper + 12] >>> 4 & 0x0f) * 4 : 8);
    }

    static int checksumAt(byte[] packet) {
        return upper(packet) + (protocol(packet) == TCP ? 16 : 6);
    }

    static int u16(byte[] packet, int at) {
        return ByteBuffer.wrap(packet).getShort(at) & 0xffff;
    }

    static int i32(byte[] packet, int at) {
        return ByteBuffer.wrap(packet).getInt(at);
    }

    static void put16(byte[] packet, int at, int value) {
        ByteBuffer.wrap(packet).putShort(at, (short) value);
    }

    /** Source, destination, protocol and length as the upper layer's checksum covers them. */
    private static byte[] pseudo(byte[] packet) {
        byte[] addresses = isIpv4(packet) ? Arrays.copyOfRange(packet, 12, 20) : Arrays.copyOfRange(packet, 8, 40);
        return ByteBuffer.allocate(addresses.length + 8)
                .put(addresses)
                .putInt(packet.length - upper(packet))
                .putInt(protocol(packet))
                .array();
    }

    /** What a sender with checksum offload leaves in the checksum field. */
    static int pseudoSum(byte[] packet) {
        byte[] pseudo = pseudo(packet);
        return ~Samples.slowChecksum(pseudo, 0, pseudo.length) & 0xffff;
    }

    /** The same packet with its length fields and checksums put right. */
    static byte[] completed(byte[] packet) {
        byte[] done = packet.clone();
        if (isIpv4(done)) {
            put16(done, 2, done.length);
            put16(done, 10, 0);
            put16(done, 10, Samples.slowChecksum(done, 0, upper(done)));
        } else {
            put16(done, 4, done.length - 40);
        }
        boolean whole = !isFragment(done) && done.length >= upper(done) + 8;
        if (whole && protocol(done) == UDP) {
            put16(done, upper(done) + 4, done.length - upper(done));
        }
        if (whole && (protocol(done) == TCP || protocol(done) == UDP)) {
            put16(done, checksumAt(done), 0);
            int sum = upperSum(done);
            put16(done, checksumAt(done), protocol(done) == UDP && sum == 0 ? 0xffff : sum);
        }
        return done;
    }

    private static int upperSum(byte[] packet) {
        byte[] all = Samples.concat(pseudo(packet), Arrays.copyOfRange(packet, upper(packet), packet.length));
        return Samples.slowChecksum(all, 0, all.length);
    }

    /** Whether the checksums of a TCP or UDP packet and its lengths are right. */
    static boolean sound(byte[] packet) {
        boolean ip = isIpv4(packet)
                ? u16(packet, 2) == packet.length && Samples.slowChecksum(packet, 0, upper(packet)) == 0
                : u16(packet, 4) == packet.length - 40;
        boolean none = protocol(packet) == UDP && u16(packet, checksumAt(packet)) == 0;
        boolean udp = protocol(packet) != UDP || u16(packet, upper(packet) + 4) == packet.length - upper(packet);
        return ip && udp && !none && upperSum(packet) == 0;
    }

    /** Cuts a large packet as RFC 9293, RFC 768 and the kernel's documents of GSO say, one octet after the other. */
    static byte[] segment(byte[] packet, int index, int gsoSize) {
        int headers = headers(packet);
        int from = headers + index * gsoSize;
        int to = Math.min(packet.length, from + gsoSize);
        byte[] cut = Samples.concat(Arrays.copyOf(packet, headers), Arrays.copyOfRange(packet, from, to));
        if (isIpv4(cut)) {
            put16(cut, 4, u16(cut, 4) + index);
        }
        if (protocol(cut) == TCP) {
            int at = upper(cut);
            ByteBuffer.wrap(cut).putInt(at + 4, i32(cut, at + 4) + index * gsoSize);
            boolean last = to == packet.length;
            if (index > 0) {
                cut[at + 13] = (byte) (cut[at + 13] & ~CWR);
            }
            if (!last) {
                cut[at + 13] = (byte) (cut[at + 13] & ~(PSH | FIN));
            }
        }
        return completed(cut);
    }

    static byte[] virtio(int flags, int type, int hdrLen, int gsoSize, int start, int offset) {
        ByteBuffer header = ByteBuffer.allocate(10).put((byte) flags).put((byte) type);
        for (int number : new int[] {hdrLen, gsoSize, start, offset}) {
            header.put((byte) number).put((byte) (number >>> 8));
        }
        return header.array();
    }

    /** Options whose octets are random, a multiple of four and at most {@code most}. */
    static byte[] options(RandomGenerator random, int most) {
        return Samples.randomBytes(random, random.nextInt(4) > 0 ? 0 : 4 * random.nextInt(1 + most / 4));
    }
}
