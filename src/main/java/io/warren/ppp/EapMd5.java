package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import io.warren.wire.ppp.EapPacket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** MD5-Challenge (RFC 3748 §5.4): CHAP with MD5 inside of EAP, the one method for which no server is needed. */
public final class EapMd5 {
    /** Octets of a challenge of ours. */
    public static final int CHALLENGE_LENGTH = 16;

    private static final int NAME_LIMIT = 255;

    private EapMd5() {}

    /** @param name ours */
    public static EapPacket.Request request(int id, Bytes challenge, String name) {
        Bytes ours = Turn.cut(Bytes.of(name.getBytes(StandardCharsets.UTF_8)), NAME_LIMIT);
        return new EapPacket.Request(id, EapPacket.MD5_CHALLENGE, value(challenge, ours));
    }

    /** What this Response shows; null when it is not one of MD5-Challenge. */
    public static Credentials.@Nullable ChapMd5 shown(String user, EapPacket.Response response, Bytes challenge) {
        Bytes value = response.type() == EapPacket.MD5_CHALLENGE ? value(response.data()) : null;
        return value == null || value.length() != ChapMd5.RESPONSE_LENGTH
                ? null
                : new Credentials.ChapMd5(user, response.id(), challenge, value);
    }

    /** Answers a Request; null when it holds no challenge. */
    static EapPacket.@Nullable Response answer(EapPacket.Request request, byte[] secret, Bytes user) {
        Bytes challenge = value(request.data());
        return challenge == null || challenge.length() == 0
                ? null
                : new EapPacket.Response(
                        request.id(),
                        EapPacket.MD5_CHALLENGE,
                        value(ChapMd5.respond(request.id(), secret, challenge), user));
    }

    /** As RFC 1994 §4.1 has it: length, value, name. */
    private static Bytes value(Bytes value, Bytes name) {
        return new WireWriter().u8(value.length()).bytes(value).bytes(name).toBytes();
    }

    private static @Nullable Bytes value(Bytes data) {
        WireReader reader = WireReader.of(data);
        try {
            return reader.take(reader.u8());
        } catch (WireException malformed) {
            return null;
        }
    }
}
