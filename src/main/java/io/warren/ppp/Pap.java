package io.warren.ppp;

import java.security.MessageDigest;

/** Verification of PAP (RFC 1334 §2). */
public final class Pap {
    private Pap() {}

    /** Whether the password is right; takes the same time wherever they differ. */
    public static boolean matches(Credentials.Pap credentials, byte[] secret) {
        return MessageDigest.isEqual(secret, credentials.password().toByteArray());
    }
}
