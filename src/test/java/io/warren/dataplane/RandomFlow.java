package io.warren.dataplane;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The packets of one flow, mostly such as can be merged and now and then not. What tells the session in a packet is the
 * first octet of its data, or the urgent pointer where there is no data.
 */
final class RandomFlow {
    private final RandomGenerator random;
    final int session;
    private final boolean ipv4;
    private final int protocol;
    private final int addresses;
    private final int ports;
    private final int mss;
    private final int fragment;
    private final int idStep;
    private final byte[] options;
    private int sequence;
    private int id;

    RandomFlow(RandomGenerator random, int session) {
        this.random = random;
        this.session = session;
        ipv4 = random.nextBoolean();
        protocol = random.nextInt(3) > 0 ? IpPackets.TCP : IpPackets.UDP;
        addresses = random.nextInt(2);
        ports = 0x1000_2000 + random.nextInt(2);
        mss = 1 + random.nextInt(random.nextInt(8) == 0 ? 1_460 : 64);
        fragment = random.nextBoolean() ? 0x4000 : 0;
        idStep = fragment != 0 && random.nextBoolean() ? 0 : 1;
        options = random.nextBoolean() ? new byte[0] : Samples.randomBytes(random, 12);
        sequence = random.nextBoolean() ? random.nextInt() : -random.nextInt(500);
        id = random.nextBoolean() ? random.nextInt() : -random.nextInt(5);
    }

    private boolean rarely() {
        return random.nextInt(25) == 0;
    }

    byte[] next() {
        id += rarely() ? random.nextInt(3) : idStep;
        if (rarely()) {
            return strange();
        }
        byte[] packet = protocol == IpPackets.TCP ? ip(tcp(), 0) : ip(udp(size()), 0);
        if (rarely()) {
            packet[ipv4 ? 8 : 7]--;
            packet = IpPackets.completed(packet);
        }
        if (rarely()) {
            packet[packet.length - 1]++;
        }
        if (ipv4 && rarely()) {
            packet[11]++;
        }
        if (protocol == IpPackets.UDP && rarely()) {
            IpPackets.put16(packet, IpPackets.checksumAt(packet), 0);
        }
        return packet;
    }

    private int size() {
        if (rarely()) {
            return 1 + random.nextInt(mss + 20);
        }
        return mss;
    }

    private byte[] payload(int size) {
        byte[] payload = Samples.randomBytes(random, size);
        if (size > 0) {
            payload[0] = (byte) session;
        }
        return payload;
    }

    private byte[] udp(int size) {
        return Samples.concat(IpPackets.udp(ports, size), payload(size));
    }

    private byte[] tcp() {
        int size = rarely() ? 0 : size();
        int flags = IpPackets.ACK | (random.nextInt(12) == 0 ? IpPackets.PSH : 0);
        if (rarely()) {
            flags ^= 1 << random.nextInt(8);
        }
        if (rarely()) {
            sequence += random.nextInt(5) - 2;
        }
        byte[] mine = options.clone();
        if (rarely() && mine.length > 0) {
            mine[random.nextInt(mine.length)]++;
        }
        byte[] header = IpPackets.tcp(ports, sequence, rarely() ? 8 : 7, flags, mine);
        ByteBuffer.wrap(header).putShort(18, (short) (size == 0 ? session : 0));
        sequence += size;
        return Samples.concat(header, payload(size));
    }

    /** A fragment, a packet with IP options or extension headers, another protocol, or too little of a header. */
    private byte[] strange() {
        byte[] data = payload(1 + random.nextInt(30));
        byte[] whole = protocol == IpPackets.TCP ? tcp() : udp(3);
        return switch (random.nextInt(4)) {
            case 0 -> IpPackets.ipv4(protocol, addresses, id, 0x2000, new byte[0], data);
            case 1 -> IpPackets.ipv4(1, addresses, id, 0, new byte[0], data);
            case 2 ->
                ipv4
                        ? IpPackets.ipv4(protocol, addresses, id, 0, new byte[4], whole)
                        : IpPackets.ipv6(protocol, addresses, 5, IpPackets.extensions(protocol), whole);
            default -> IpPackets.ipv4(99, addresses, id, 0, new byte[0], data);
        };
    }

    private byte[] ip(byte[] data, int extra) {
        return ipv4
                ? IpPackets.ipv4(protocol, addresses, id, fragment + extra, new byte[0], data)
                : IpPackets.ipv6(protocol, addresses, 5, new byte[0], data);
    }
}
