package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;

/** The packets of EAP (RFC 3748 §4). {@code id} and {@code type} are 0 to 255. */
public sealed interface EapPacket {
    int REQUEST = 1;
    int RESPONSE = 2;
    int SUCCESS = 3;
    int FAILURE = 4;

    /** Types (RFC 3748 §5). */
    int IDENTITY = 1;

    int NOTIFICATION = 2;
    int NAK = 3;
    int MD5_CHALLENGE = 4;

    int id();

    /** @param data what is after the type; may be a challenge, or a text */
    record Request(int id, int type, Bytes data) implements EapPacket {}

    /** @param data what is after the type; with some methods a password */
    record Response(int id, int type, Bytes data) implements EapPacket {
        @Override
        public String toString() {
            return "Response[id=" + id + ", type=" + type + "]";
        }
    }

    record Success(int id) implements EapPacket {}

    record Failure(int id) implements EapPacket {}

    static EapPacket decode(Bytes information) throws WireException {
        CodedPacket packet = CodedPacket.read(information);
        int id = packet.id();
        WireReader data = packet.data();
        return switch (packet.code()) {
            case REQUEST -> new Request(id, data.u8(), data.rest());
            case RESPONSE -> new Response(id, data.u8(), data.rest());
            case SUCCESS -> new Success(id);
            case FAILURE -> new Failure(id);
            default -> throw data.error("EAP code " + packet.code());
        };
    }

    default Bytes encode() {
        return CodedPacket.end(
                switch (this) {
                    case Request(int id, int type, Bytes data) ->
                        CodedPacket.begin(REQUEST, id).u8(type).bytes(data);
                    case Response(int id, int type, Bytes data) ->
                        CodedPacket.begin(RESPONSE, id).u8(type).bytes(data);
                    case Success(int id) -> CodedPacket.begin(SUCCESS, id);
                    case Failure(int id) -> CodedPacket.begin(FAILURE, id);
                });
    }
}
