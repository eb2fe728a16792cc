package io.warren.client;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/** IPv4 packets in PPP frames (RFC 1661 §2, RFC 1332 §3), as they follow the L2TP header. */
final class IpFrame {
    private static final int ADDRESS_AND_CONTROL = 0xff03;
    private static final int IPV4 = 0x0021;

    private IpFrame() {}

    /** @param acfc, pfc which fields the peer takes compressed */
    static Bytes of(byte[] packet, boolean acfc, boolean pfc) {
        WireWriter writer = new WireWriter(packet.length + 4);
        if (!acfc) {
            writer.u16(ADDRESS_AND_CONTROL);
        }
        if (pfc) {
            writer.u8(IPV4);
        } else {
            writer.u16(IPV4);
        }
        return writer.bytes(packet).toBytes();
    }

    /** The IPv4 packet in a frame, compressed or not; null when something else is in it. */
    static byte @Nullable [] packetIn(Bytes frame) {
        WireReader reader = WireReader.of(frame);
        try {
            if (frame.length() > 2 && (frame.at(0) << 8 | frame.at(1)) == ADDRESS_AND_CONTROL) {
                reader.skip(2);
            }
            // An odd octet ends the protocol field (RFC 1661 §6.5).
            int protocol = (reader.peekU8() & 1) == 1 ? reader.u8() : reader.u16();
            return protocol == IPV4 ? reader.bytes(reader.remaining()) : null;
        } catch (WireException e) {
            return null;
        }
    }
}
