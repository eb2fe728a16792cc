package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import java.security.MessageDigest;

/**
 * Tunnel authentication (RFC 2661 §5.1.1): a CHAP response (RFC 1994 §4.1), MD5 over an id octet, the secret and the
 * challenge. The id is the message type of the message that carries the response (RFC 2661 §4.4.3), so the same
 * challenge is answered differently in an SCCRP and in an SCCCN.
 */
public final class ChallengeResponse {
    private ChallengeResponse() {}

    /** @param carrier the message that will carry the response: SCCRP or SCCCN */
    public static Bytes compute(MessageType carrier, TunnelSecret secret, Bytes challenge) {
        MessageDigest md5 = Md5.digest();
        md5.update((byte) carrier.wireId());
        md5.update(secret.octets());
        md5.update(challenge.toByteArray());
        return Bytes.of(md5.digest());
    }

    /** Compares in a time that does not depend on the octets. */
    public static boolean matches(Bytes expected, Bytes actual) {
        return MessageDigest.isEqual(expected.toByteArray(), actual.toByteArray());
    }
}
