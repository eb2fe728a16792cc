package io.warren.dataplane;

import akka.actor.ActorSystem;
import com.typesafe.config.ConfigFactory;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Packets and entries for tests, written the slow and obvious way, so that they can serve as an oracle. */
final class Samples {
    static final int GATEWAY = address("10.64.0.1");

    private Samples() {}

    /** Without cluster or remoting, whatever the node's defaults are. */
    static ActorSystem localActorSystem(String name) {
        return ActorSystem.create(
                name, ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    }

    static int address(String dotted) {
        int value = 0;
        for (String part : dotted.split("\\.", -1)) {
            value = value << 8 | Integer.parseInt(part);
        }
        return value;
    }

    static Endpoint endpoint(String host, int port) {
        return Endpoint.of(new InetSocketAddress(host, port));
    }

    static PeerPath path(String local, int localPort, String remote, int remotePort) {
        return new PeerPath(endpoint(local, localPort), endpoint(remote, remotePort));
    }

    static ForwardingEntry entry(int tunnel, int session, int address) {
        return entry(tunnel, session, address, path("127.0.0.1", 1701, "127.0.0.1", 40_000), 1_400);
    }

    static ForwardingEntry entry(int tunnel, int session, int address, PeerPath path, int peerMru) {
        return new ForwardingEntry(
                new SessionKey(tunnel, session),
                path,
                0x1234,
                0x5678,
                address,
                peerMru,
                false,
                false,
                false,
                false,
                TrafficLimits.NONE);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A heap segment with room before the octets. */
    static MemorySegment segment(byte[] octets, int headroom) {
        byte[] all = new byte[headroom + octets.length];
        System.arraycopy(octets, 0, all, headroom, octets.length);
        return MemorySegment.ofArray(all);
    }

    /** An IPv4 packet without options. */
    static byte[] ipv4(int protocol, int source, int destination, int flagsAndOffset, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(20 + data.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + data.length));
        packet.putShort((short) 0x1c46).putShort((short) flagsAndOffset);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.putInt(source).putInt(destination).put(data);
        packet.putShort(10, (short) slowChecksum(packet.array(), 0, 20));
        return packet.array();
    }

    static byte[] udpPacket(int source, int destination, int size) {
        byte[] data = new byte[size];
        ByteBuffer.wrap(data)
                .putShort(0, (short) 5_000)
                .putShort(2, (short) 6_000)
                .putShort(4, (short) size);
        return ipv4(17, source, destination, 0, data);
    }

    static byte[] echoRequest(int source, int destination, int size) {
        byte[] data = new byte[8 + size];
        for (int index = 0; index < size; index++) {
            data[8 + index] = (byte) index;
        }
        ByteBuffer.wrap(data).putInt(0, 0x0800_0000).putInt(4, 0x4242_0001);
        ByteBuffer.wrap(data).putShort(2, (short) slowChecksum(data, 0, data.length));
        return ipv4(1, source, destination, 0, data);
    }

    /** RFC 1071 word by word, for the oracle. */
    static int slowChecksum(byte[] octets, int from, int to) {
        int sum = 0;
        for (int index = from; index < to; index += 2) {
            int word = (octets[index] & 0xff) << 8 | (index + 1 < to ? octets[index + 1] & 0xff : 0);
            sum += word;
            if (sum > 0xffff) {
                sum -= 0xffff;
            }
        }
        return ~sum & 0xffff;
    }

    /** Checksum of a TCP segment with its pseudo-header (RFC 9293 §3.1); 0 over a segment whose checksum is right. */
    static int tcpChecksum(byte[] ipPacket) {
        int header = (ipPacket[0] & 0x0f) * 4;
        int size = (ByteBuffer.wrap(ipPacket).getShort(2) & 0xffff) - header;
        ByteBuffer pseudo = ByteBuffer.allocate(12 + size);
        pseudo.put(ipPacket, 12, 8).put((byte) 0).put((byte) 6).putShort((short) size);
        pseudo.put(ipPacket, header, size);
        return slowChecksum(pseudo.array(), 0, 12 + size);
    }

    /** An L2TP data packet with the given flag bits; an Offset field gets {@code pad} octets of padding. */
    static byte[] data(int flags, int tunnel, int session, int pad, byte[] frame) {
        boolean length = (flags & 0x4000) != 0;
        ByteBuffer packet = ByteBuffer.allocate(14 + pad + frame.length);
        packet.putShort((short) (flags | 2));
        if (length) {
            packet.putShort((short) 0);
        }
        packet.putShort((short) tunnel).putShort((short) session);
        if ((flags & 0x0800) != 0) {
            packet.putShort((short) 7).putShort((short) 0);
        }
        if ((flags & 0x0200) != 0) {
            packet.putShort((short) pad);
            packet.position(packet.position() + pad);
        }
        packet.put(frame);
        byte[] result = new byte[packet.position()];
        packet.get(0, result);
        if (length) {
            ByteBuffer.wrap(result).putShort(2, (short) result.length);
        }
        return result;
    }

    static byte[] randomBytes(RandomGenerator random, int size) {
        byte[] octets = new byte[size];
        random.nextBytes(octets);
        return octets;
    }
}
