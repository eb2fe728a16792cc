package io.warren.wire.mppe;

import io.warren.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The two keys from which those of the packets come: MasterSendKey and MasterReceiveKey of RFC 3079 §3.3, or what a
 * RADIUS server sends in their place (RFC 2548 §2.4.2 and §2.4.3). Never printed.
 *
 * @param send for what this end sends, {@link #LENGTH} octets
 * @param receive for what it receives
 */
public record MasterKeys(Bytes send, Bytes receive) {
    /** Octets of each key. */
    public static final int LENGTH = 16;

    private static final byte[] MASTER = ascii("This is the MPPE Master Key");
    private static final byte[] CLIENT_TO_SERVER =
            ascii("On the client side, this is the send key; on the server side, it is the receive key.");
    private static final byte[] SERVER_TO_CLIENT =
            ascii("On the client side, this is the receive key; on the server side, it is the send key.");

    public MasterKeys {
        if (send.length() != LENGTH || receive.length() != LENGTH) {
            throw new IllegalArgumentException("a master key has " + LENGTH + " octets");
        }
    }

    /**
     * Of a server that let a client in by MS-CHAPv2 (GetMasterKey and GetAsymmetricStartKey of RFC 3079 §3.4).
     *
     * @param passwordHashHash MD4 of MD4 of the password
     * @param ntResponse the 24 octets that the client answered with
     */
    public static MasterKeys ofServer(byte[] passwordHashHash, byte[] ntResponse) {
        byte[] master = Arrays.copyOf(sha1(passwordHashHash, ntResponse, MASTER), LENGTH);
        return new MasterKeys(start(master, SERVER_TO_CLIENT), start(master, CLIENT_TO_SERVER));
    }

    /** Those of the other end. */
    public MasterKeys mirrored() {
        return new MasterKeys(/* send= */ receive, /* receive= */ send);
    }

    private static Bytes start(byte[] master, byte[] direction) {
        byte[] digest = sha1(master, KeySequence.PAD_1, direction, KeySequence.PAD_2);
        return Bytes.of(Arrays.copyOf(digest, LENGTH));
    }

    private static byte[] sha1(byte[]... parts) {
        MessageDigest sha1 = KeySequence.newSha1();
        for (byte[] part : parts) {
            sha1.update(part);
        }
        return sha1.digest();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "MasterKeys[hidden]";
    }
}
