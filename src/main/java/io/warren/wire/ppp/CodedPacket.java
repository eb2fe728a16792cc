package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/**
 * What the packets of all control and authentication protocols begin with (RFC 1661 §5, RFC 1334 §2.2, RFC 1994 §4).
 *
 * @param data what is after it; octets after the packet's length are padding
 */
record CodedPacket(int code, int id, WireReader data) {
    private static final int LENGTH_AT = 2;

    static CodedPacket read(Bytes information) throws WireException {
        WireReader reader = WireReader.of(information);
        int code = reader.u8();
        int id = reader.u8();
        int length = reader.u16();
        if (length < ControlPacket.HEADER) {
            throw reader.error("packet length " + length);
        }
        return new CodedPacket(code, id, reader.slice(length - ControlPacket.HEADER));
    }

    /** A writer to which the data is still to be written. */
    static WireWriter begin(int code, int id) {
        return new WireWriter().u8(code).u8(id).u16(0);
    }

    /** The packet, when its data has been written. */
    static Bytes end(WireWriter writer) {
        writer.patchU16(LENGTH_AT, writer.position());
        return writer.toBytes();
    }
}
