package io.warren.wire.mppe;

import io.warren.wire.Bytes;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The session keys of one direction, one after the other (RFC 3078 §7.3): each comes from the one before, and none can
 * be had from a later one. Allocates nothing once it is there. Not for two threads at a time.
 */
final class KeySequence {
    /** SHSpad1 of RFC 3079 §3.4. */
    static final byte[] PAD_1 = new byte[40];

    /** SHSpad2. */
    static final byte[] PAD_2 = new byte[40];

    private static final int DIGEST = 20;

    static {
        Arrays.fill(PAD_2, (byte) 0xf2);
    }

    private final byte[] start;
    private final byte[] session;
    private final byte[] before;
    private final byte[] digest = new byte[DIGEST];
    private final Strength strength;
    private final MessageDigest sha1 = newSha1();
    private final Rc4 rc4 = new Rc4();

    /** @param master of the direction; of a short key's it is the beginning that counts */
    KeySequence(Bytes master, Strength strength) {
        this.strength = strength;
        start = Arrays.copyOf(master.toByteArray(), strength.keyLength());
        session = start.clone();
        before = start.clone();
        digest();
        System.arraycopy(digest, 0, session, 0, session.length);
        weaken();
    }

    /** Goes to the next key. */
    void advance() {
        digest();
        System.arraycopy(digest, 0, session, 0, session.length);
        rc4.key(digest, session.length);
        rc4.apply(session, session.length);
        weaken();
    }

    /** The cipher for one packet, at its beginning. */
    Rc4 cipher() {
        rc4.key(session, session.length);
        return rc4;
    }

    /** Remembers the key, for {@link #goBack}. */
    void mark() {
        System.arraycopy(session, 0, before, 0, session.length);
    }

    /** To the key that was remembered. */
    void goBack() {
        System.arraycopy(before, 0, session, 0, session.length);
    }

    /** A copy, for tests against the RFC's examples. */
    byte[] session() {
        return session.clone();
    }

    /** GetNewKeyFromSHA (RFC 3079 §3.4), whose result is the beginning of {@link #digest}. */
    private void digest() {
        sha1.update(start);
        sha1.update(PAD_1);
        sha1.update(session);
        sha1.update(PAD_2);
        try {
            sha1.digest(digest, 0, DIGEST);
        } catch (DigestException tooShort) {
            throw new IllegalStateException(tooShort);
        }
    }

    /** What makes 40 bits of 64 (RFC 3079 §3.1). */
    private void weaken() {
        if (strength == Strength.BITS_40) {
            session[0] = (byte) 0xd1;
            session[1] = 0x26;
            session[2] = (byte) 0x9e;
        }
    }

    static MessageDigest newSha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing); // Every Java platform has SHA-1.
        }
    }
}
