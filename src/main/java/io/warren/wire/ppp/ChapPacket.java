package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;

/** The packets of CHAP (RFC 1994 §4). {@code id} is 0 to 255; a value holds up to 255 octets. */
public sealed interface ChapPacket {
    int CHALLENGE = 1;
    int RESPONSE = 2;
    int SUCCESS = 3;
    int FAILURE = 4;

    int id();

    record Challenge(int id, Bytes value, Bytes name) implements ChapPacket {}

    record Response(int id, Bytes value, Bytes name) implements ChapPacket {}

    record Success(int id, Bytes message) implements ChapPacket {}

    record Failure(int id, Bytes message) implements ChapPacket {}

    static ChapPacket decode(Bytes information) throws WireException {
        WireReader reader = WireReader.of(information);
        int code = reader.u8();
        int id = reader.u8();
        int length = reader.u16();
        WireReader data = reader.slice(length - ControlPacket.HEADER);
        return switch (code) {
            case CHALLENGE -> new Challenge(id, data.take(data.u8()), data.rest());
            case RESPONSE -> new Response(id, data.take(data.u8()), data.rest());
            case SUCCESS -> new Success(id, data.rest());
            case FAILURE -> new Failure(id, data.rest());
            default -> throw reader.error("CHAP code " + code);
        };
    }

    default Bytes encode() {
        WireWriter writer = new WireWriter();
        switch (this) {
            case Challenge(int id, Bytes value, Bytes name) ->
                writer.u8(CHALLENGE)
                        .u8(id)
                        .u16(0)
                        .u8(value.length())
                        .bytes(value)
                        .bytes(name);
            case Response(int id, Bytes value, Bytes name) ->
                writer.u8(RESPONSE)
                        .u8(id)
                        .u16(0)
                        .u8(value.length())
                        .bytes(value)
                        .bytes(name);
            case Success(int id, Bytes message) ->
                writer.u8(SUCCESS).u8(id).u16(0).bytes(message);
            case Failure(int id, Bytes message) ->
                writer.u8(FAILURE).u8(id).u16(0).bytes(message);
        }
        writer.patchU16(2, writer.position());
        return writer.toBytes();
    }
}
