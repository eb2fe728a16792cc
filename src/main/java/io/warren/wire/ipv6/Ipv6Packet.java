package io.warren.wire.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/**
 * A packet without extension headers (RFC 8200 §3).
 *
 * @param nextHeader the protocol of the payload
 * @param hopLimit 0 to 255
 */
public record Ipv6Packet(Ipv6Address source, Ipv6Address destination, int nextHeader, int hopLimit, Bytes payload) {
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    private static final int VERSION = 6;

    /** Octets after the packet's own length are padding. */
    public static Ipv6Packet decode(Bytes octets) throws WireException {
        WireReader reader = WireReader.of(octets);
        long first = reader.u32();
        if (first >>> 28 != VERSION) {
            throw reader.error("IP version " + (first >>> 28));
        }
        int length = reader.u16();
        int nextHeader = reader.u8();
        int hopLimit = reader.u8();
        Ipv6Address source = Ipv6Address.read(reader);
        Ipv6Address destination = Ipv6Address.read(reader);
        return new Ipv6Packet(source, destination, nextHeader, hopLimit, reader.take(length));
    }

    public Bytes encode() {
        WireWriter writer = new WireWriter().u32((long) VERSION << 28);
        writer.u16(payload.length()).u8(nextHeader).u8(hopLimit);
        source.write(writer);
        destination.write(writer);
        return writer.bytes(payload).toBytes();
    }

    /**
     * The Internet checksum over pseudo-header and payload (RFC 8200 §8.1): 0 when one in the payload is right; what is
     * to be put there when the place for it holds 0.
     */
    int checksum() {
        long sum = words(source.high()) + words(source.low()) + words(destination.high()) + words(destination.low());
        sum += payload.length() + nextHeader;
        for (int i = 0; i < payload.length(); i++) {
            sum += (long) payload.at(i) << ((i & 1) == 0 ? 8 : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & 0xffff) + (value >>> 16 & 0xffff) + (value & 0xffff);
    }

    /** The same with its checksum at {@code at} in the payload. */
    Ipv6Packet withChecksumAt(int at) {
        byte[] octets = payload.toByteArray();
        int checksum = checksum();
        if (checksum == 0 && nextHeader == UDP) {
            checksum = 0xffff;
        }
        octets[at] = (byte) (checksum >>> 8);
        octets[at + 1] = (byte) checksum;
        return new Ipv6Packet(source, destination, nextHeader, hopLimit, Bytes.of(octets));
    }
}
