package io.warren.radius;

import io.warren.control.port.AccessRequest;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Access-Requests (RFC 2865 §4.1): the credentials and the call that they came in. */
final class AccessQuestion {
    /** RFC 2865 §5.2. */
    static final int LONGEST_PASSWORD = 128;

    private static final int FRAMED = 2;
    private static final int PPP = 1;

    /** RFC 2759 §4: peer challenge, reserved, NT response, flags. */
    private static final int MSCHAP_RESPONSE = 49;

    private AccessQuestion() {}

    /** Null when no server could be asked that: a name or password longer than the protocol knows. */
    static RadiusClient.@Nullable Question of(AccessRequest request, NasIdentity us) {
        Credentials credentials = request.credentials();
        if (credentials.user().getBytes(StandardCharsets.UTF_8).length > Attributes.LONGEST) {
            return null;
        }
        Attributes.Builder to = Attributes.builder()
                .text(RadiusAttribute.USER_NAME, credentials.user())
                .integer(RadiusAttribute.SERVICE_TYPE, FRAMED)
                .integer(RadiusAttribute.FRAMED_PROTOCOL, PPP);
        Bytes password = null;
        switch (credentials) {
            case Credentials.Pap(String _, Bytes clear) -> password = clear;
            case Credentials.ChapMd5(String _, int id, Bytes challenge, Bytes response) ->
                to.octets(RadiusAttribute.CHAP_PASSWORD, joined(new byte[] {(byte) id}, response))
                        .octets(RadiusAttribute.CHAP_CHALLENGE, challenge);
            case Credentials.MsChapV2(String _, int id, Bytes challenge, Bytes response) -> {
                if (response.length() != MSCHAP_RESPONSE) {
                    return null;
                }
                to.vendor(VendorAttribute.MS_CHAP_CHALLENGE, challenge)
                        .vendor(VendorAttribute.MS_CHAP2_RESPONSE, msChap2(id, response));
            }
            case Credentials.Eap eap -> EapMessages.show(eap, to);
        }
        if (password != null && password.length() > LONGEST_PASSWORD) {
            return null;
        }
        Attributes attributes = us.describe(request.call(), to).build();
        EapRound round = credentials instanceof Credentials.Eap eap ? eap.round() : null;
        return new RadiusClient.Question(
                RadiusCode.ACCESS_REQUEST,
                () -> attributes,
                password,
                round == null ? null : round.server(),
                credentials instanceof Credentials.Eap);
    }

    /** RFC 2548 §2.3.2: identifier and flags come first. */
    private static Bytes msChap2(int id, Bytes response) {
        byte[] value = response.toByteArray();
        return Bytes.of(ByteBuffer.allocate(2 + MSCHAP_RESPONSE - 1)
                .put((byte) id)
                .put(value[MSCHAP_RESPONSE - 1])
                .put(value, 0, MSCHAP_RESPONSE - 1)
                .array());
    }

    private static Bytes joined(byte[] head, Bytes tail) {
        return Bytes.of(ByteBuffer.allocate(head.length + tail.length())
                .put(head)
                .put(tail.toByteArray())
                .array());
    }
}
