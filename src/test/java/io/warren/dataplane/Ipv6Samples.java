package io.warren.dataplane;

import io.warren.config.Ipv6;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** IPv6 packets and entries for tests, written the slow and obvious way. */
final class Ipv6Samples {
    static final Ipv6Prefix LINK = prefix("2001:db8:0:7::", 64);
    static final Ipv6Prefix NETWORK = prefix("2001:db8:77:4400::", 56);

    private Ipv6Samples() {}

    static Ipv6Prefix prefix(String address, int length) {
        Ipv6 parsed = Ipv6.parse(address);
        return new Ipv6Prefix(parsed.high(), parsed.low(), length);
    }

    static ForwardingEntry entry(SessionKey key, PeerPath path, int address, int mru, boolean compressed) {
        return new ForwardingEntry(
                key,
                path,
                0x1234,
                0x5678,
                address,
                mru,
                compressed,
                compressed,
                false,
                false,
                TrafficLimits.NONE,
                new ForwardingEntry.Ipv6(List.of(LINK, NETWORK)));
    }

    static byte[] packet(String source, String destination, int next, byte[] data) {
        return packet(Ipv6.parse(source), Ipv6.parse(destination), next, data);
    }

    static byte[] packet(Ipv6 source, Ipv6 destination, int next, byte[] data) {
        return ByteBuffer.allocate(40 + data.length)
                .putInt(6 << 28)
                .putShort((short) data.length)
                .put((byte) next)
                .put((byte) 64)
                .putLong(source.high())
                .putLong(source.low())
                .putLong(destination.high())
                .putLong(destination.low())
                .put(data)
                .array();
    }

    static byte[] udp(String source, String destination, int size) {
        byte[] data = new byte[size];
        ByteBuffer.wrap(data).putShort(4, (short) size);
        return packet(source, destination, 17, data);
    }

    /** With its checksum. */
    static byte[] icmp(String source, String destination, int type, int size) {
        byte[] data = new byte[8 + size];
        data[0] = (byte) type;
        byte[] packet = packet(source, destination, 58, data);
        ByteBuffer.wrap(packet).putShort(42, (short) checksum(packet, 58));
        return packet;
    }

    /** Of the upper layer with its pseudo-header; 0 when it is right. */
    static int checksum(byte[] packet, int next) {
        ByteBuffer pseudo = ByteBuffer.allocate(packet.length);
        pseudo.put(packet, 8, 32).putInt(packet.length - 40).putInt(next);
        pseudo.put(packet, 40, packet.length - 48);
        byte[] all = Arrays.copyOf(pseudo.array(), packet.length - 40 + 40);
        System.arraycopy(packet, 40, all, 40, packet.length - 40);
        return Samples.slowChecksum(all, 0, all.length);
    }
}
