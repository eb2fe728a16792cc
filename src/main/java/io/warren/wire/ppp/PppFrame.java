package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/**
 * A frame as it follows the L2TP header: no flags, no FCS.
 *
 * @param protocol 16 bits, see {@link PppProtocol}
 * @param information may end with padding, which the inner packet's own length cuts off
 */
public record PppFrame(int protocol, Bytes information) {
    private static final int ALL_STATIONS = 0xff;
    private static final int UNNUMBERED_INFORMATION = 0x03;

    /**
     * Takes Address and Control fields present or absent and a protocol field of one or two octets, whatever was
     * negotiated: there are peers that keep FF 03 after ACFC and peers that drop it without.
     */
    public static PppFrame decode(Bytes frame) throws WireException {
        WireReader reader = WireReader.of(frame);
        int first = reader.u8();
        // 0x00ff is not a protocol number, so a leading FF is always the Address field (RFC 1661 §6.6).
        if (first == ALL_STATIONS) {
            if (reader.u8() != UNNUMBERED_INFORMATION) {
                throw reader.error("Control field is not 03");
            }
            first = reader.u8();
        }
        if ((first & 1) == 1) {
            return new PppFrame(first, reader.rest());
        }
        int second = reader.u8();
        if ((second & 1) == 0) {
            throw reader.error("protocol field does not end with an odd octet");
        }
        return new PppFrame((first << 8) | second, reader.rest());
    }

    /** Address, Control and both octets of the protocol field: understood by every peer at any time. */
    public Bytes encode() {
        return new WireWriter(information.length() + 4)
                .u8(ALL_STATIONS)
                .u8(UNNUMBERED_INFORMATION)
                .u16(protocol)
                .bytes(information)
                .toBytes();
    }
}
