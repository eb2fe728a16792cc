package io.warren.wire.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** A UDP datagram in an IPv6 packet (RFC 768, RFC 8200 §8.1). */
public record UdpDatagram(int sourcePort, int destinationPort, Bytes payload) {
    private static final int HEADER = 8;
    private static final int CHECKSUM_AT = 6;

    public static UdpDatagram decode(Ipv6Packet packet) throws WireException {
        WireReader reader = WireReader.of(packet.payload());
        int source = reader.u16();
        int destination = reader.u16();
        int length = reader.u16();
        int checksum = reader.u16();
        if (length != packet.payload().length()) {
            throw reader.error("UDP length " + length);
        }
        if (checksum == 0 || packet.checksum() != 0) {
            throw reader.error("UDP checksum");
        }
        return new UdpDatagram(source, destination, reader.rest());
    }

    public Ipv6Packet encode(Ipv6Address from, Ipv6Address to, int hopLimit) {
        Bytes octets = new WireWriter()
                .u16(sourcePort)
                .u16(destinationPort)
                .u16(HEADER + payload.length())
                .u16(0)
                .bytes(payload)
                .toBytes();
        return new Ipv6Packet(from, to, Ipv6Packet.UDP, hopLimit, octets).withChecksumAt(CHECKSUM_AT);
    }
}
