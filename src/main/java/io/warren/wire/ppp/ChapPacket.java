package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;

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
        CodedPacket packet = CodedPacket.read(information);
        int id = packet.id();
        WireReader data = packet.data();
        return switch (packet.code()) {
            case CHALLENGE -> new Challenge(id, data.take(data.u8()), data.rest());
            case RESPONSE -> new Response(id, data.take(data.u8()), data.rest());
            case SUCCESS -> new Success(id, data.rest());
            case FAILURE -> new Failure(id, data.rest());
            default -> throw data.error("CHAP code " + packet.code());
        };
    }

    default Bytes encode() {
        return CodedPacket.end(
                switch (this) {
                    case Challenge(int id, Bytes value, Bytes name) ->
                        CodedPacket.begin(CHALLENGE, id)
                                .u8(value.length())
                                .bytes(value)
                                .bytes(name);
                    case Response(int id, Bytes value, Bytes name) ->
                        CodedPacket.begin(RESPONSE, id)
                                .u8(value.length())
                                .bytes(value)
                                .bytes(name);
                    case Success(int id, Bytes message) ->
                        CodedPacket.begin(SUCCESS, id).bytes(message);
                    case Failure(int id, Bytes message) ->
                        CodedPacket.begin(FAILURE, id).bytes(message);
                });
    }
}
