package io.warren.wire.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;

/** The packets of PAP (RFC 1334 §2.2). {@code id} is 0 to 255; fields hold up to 255 octets. */
public sealed interface PapPacket {
    int AUTHENTICATE_REQUEST = 1;
    int AUTHENTICATE_ACK = 2;
    int AUTHENTICATE_NAK = 3;

    int id();

    record AuthenticateRequest(int id, Bytes peerId, Bytes password) implements PapPacket {}

    record AuthenticateAck(int id, Bytes message) implements PapPacket {}

    record AuthenticateNak(int id, Bytes message) implements PapPacket {}

    static PapPacket decode(Bytes information) throws WireException {
        CodedPacket packet = CodedPacket.read(information);
        int id = packet.id();
        WireReader data = packet.data();
        return switch (packet.code()) {
            case AUTHENTICATE_REQUEST -> new AuthenticateRequest(id, data.take(data.u8()), data.take(data.u8()));
            case AUTHENTICATE_ACK -> new AuthenticateAck(id, message(data));
            case AUTHENTICATE_NAK -> new AuthenticateNak(id, message(data));
            default -> throw data.error("PAP code " + packet.code());
        };
    }

    default Bytes encode() {
        return CodedPacket.end(
                switch (this) {
                    case AuthenticateRequest(int id, Bytes peerId, Bytes password) ->
                        CodedPacket.begin(AUTHENTICATE_REQUEST, id)
                                .u8(peerId.length())
                                .bytes(peerId)
                                .u8(password.length())
                                .bytes(password);
                    case AuthenticateAck(int id, Bytes message) ->
                        CodedPacket.begin(AUTHENTICATE_ACK, id)
                                .u8(message.length())
                                .bytes(message);
                    case AuthenticateNak(int id, Bytes message) ->
                        CodedPacket.begin(AUTHENTICATE_NAK, id)
                                .u8(message.length())
                                .bytes(message);
                });
    }

    /** Some peers leave the message out, its length octet too. */
    private static Bytes message(WireReader data) throws WireException {
        return data.isEmpty() ? Bytes.EMPTY : data.take(data.u8());
    }
}
