package io.warren.client;

import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.util.OptionalInt;

/**
 * Pings without the kernel: ICMP echo (RFC 792) in IPv4 (RFC 791).
 *
 * @param source, destination big-endian ints
 * @param identifier tells our echoes from others', 0 to 65,535
 */
public record IcmpEcho(int source, int destination, int identifier) {
    /** As ping(8) sends: 84 octets of IP. */
    private static final int PAYLOAD = 56;

    private static final int HEADER = 20;
    private static final int ICMP_HEADER = 8;
    private static final int PROTOCOL_ICMP = 1;
    private static final int TIME_TO_LIVE = 64;
    private static final int REQUEST = 8;
    private static final int REPLY = 0;

    public byte[] request(int sequence) {
        WireWriter writer = new WireWriter(HEADER + ICMP_HEADER + PAYLOAD)
                .u8(0x45)
                .u8(0)
                .u16(HEADER + ICMP_HEADER + PAYLOAD)
                .u16(sequence)
                .u16(0)
                .u8(TIME_TO_LIVE)
                .u8(PROTOCOL_ICMP)
                .u16(0)
                .u32(source)
                .u32(destination)
                .u8(REQUEST)
                .u8(0)
                .u16(0)
                .u16(identifier)
                .u16(sequence);
        for (int i = 0; i < PAYLOAD; i++) {
            writer.u8(i);
        }
        byte[] packet = writer.toByteArray();
        writer.patchU16(10, checksum(packet, 0, HEADER));
        writer.patchU16(HEADER + 2, checksum(packet, HEADER, packet.length - HEADER));
        return writer.toByteArray();
    }

    /** The sequence number, if {@code packet} is a sound reply to one of ours. */
    public OptionalInt sequenceOfReply(byte[] packet) {
        try {
            WireReader reader = WireReader.of(packet);
            int versionAndLength = reader.u8();
            int header = (versionAndLength & 0x0f) * 4;
            reader.skip(1);
            int total = reader.u16();
            reader.skip(5);
            int protocol = reader.u8();
            reader.skip(2);
            boolean between = reader.u32() == (destination & 0xffff_ffffL) && reader.u32() == (source & 0xffff_ffffL);
            if (versionAndLength >>> 4 != 4
                    || header < HEADER
                    || total > packet.length
                    || total < header
                    || protocol != PROTOCOL_ICMP
                    || !between
                    || checksum(packet, header, total - header) != 0) {
                return OptionalInt.empty();
            }
            reader.skip(header - HEADER);
            int type = reader.u8();
            int code = reader.u8();
            reader.skip(2);
            return type == REPLY && code == 0 && reader.u16() == identifier
                    ? OptionalInt.of(reader.u16())
                    : OptionalInt.empty();
        } catch (WireException e) {
            return OptionalInt.empty();
        }
    }

    /** RFC 1071; 0 over data that holds its own right checksum. */
    private static int checksum(byte[] octets, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = octets[offset + i] & 0xff;
            sum += (i & 1) == 0 ? octet << 8 : octet;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
