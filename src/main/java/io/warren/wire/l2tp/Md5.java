package io.warren.wire.l2tp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that RFC 2661 prescribes for authentication and for hiding. */
final class Md5 {
    static final int LENGTH = 16;

    private Md5() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
