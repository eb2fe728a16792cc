package io.warren.ppp;

import io.warren.wire.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Calculation and verification of CHAP with MD5 (RFC 1994 §4.1). */
public final class ChapMd5 {
    /** Octets of a response. */
    static final int RESPONSE_LENGTH = 16;

    private ChapMd5() {}

    /** Whether the response was made with this secret; takes the same time wherever they differ. */
    public static boolean matches(Credentials.ChapMd5 credentials, byte[] secret) {
        Bytes expected = respond(credentials.id(), secret, credentials.challenge());
        return MessageDigest.isEqual(
                expected.toByteArray(), credentials.response().toByteArray());
    }

    static Bytes respond(int id, byte[] secret, Bytes challenge) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update((byte) id);
            md5.update(secret);
            md5.update(challenge.toByteArray());
            return Bytes.of(md5.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing); // Every Java platform has MD5.
        }
    }
}
