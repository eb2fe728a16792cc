package io.warren.wire.l2tp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireReader;
import io.warren.wire.WireWriter;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Hiding of AVP values (RFC 2661 §4.3). The value is preceded by its length, may be followed by padding, and is then
 * XORed in chunks of 16 octets: the first with MD5(attribute type + secret + random vector), each following one with
 * MD5(secret + the chunk before it as it is on the wire). Nothing protects the integrity: with a wrong secret the
 * result is noise, whose length field is bounded here and nowhere trusted.
 */
final class HiddenValue {
    /** Octets that hiding adds: the length of the original value. */
    static final int OVERHEAD = 2;

    private HiddenValue() {}

    static byte[] hide(int attributeType, byte[] value, Hiding hiding) {
        byte[] text = new WireWriter(OVERHEAD + value.length)
                .u16(value.length)
                .bytes(value)
                .toByteArray();
        byte[] cipher = new byte[text.length];
        xor(attributeType, hiding.secret(), hiding.randomVector(), text, cipher, cipher);
        return cipher;
    }

    /** The original value, or null when it cannot have been hidden with this secret and random vector. */
    static @Nullable WireReader reveal(int attributeType, byte[] cipher, TunnelSecret secret, Bytes randomVector) {
        byte[] text = new byte[cipher.length];
        xor(attributeType, secret, randomVector, cipher, text, cipher);
        WireReader reader = WireReader.of(text);
        try {
            return reader.slice(reader.u16());
        } catch (WireException lengthBeyondTheEnd) {
            return null;
        }
    }

    /** @param cipher the one of {@code in} and {@code out} that is on the wire: each chunk keys the next */
    private static void xor(
            int attributeType, TunnelSecret secret, Bytes randomVector, byte[] in, byte[] out, byte[] cipher) {
        MessageDigest md5 = Md5.digest();
        md5.update((byte) (attributeType >>> 8));
        md5.update((byte) attributeType);
        md5.update(secret.octets());
        byte[] key = md5.digest(randomVector.toByteArray());
        for (int i = 0; i < in.length; i++) {
            if (i > 0 && i % Md5.LENGTH == 0) {
                md5.update(secret.octets());
                md5.update(cipher, i - Md5.LENGTH, Md5.LENGTH);
                key = md5.digest();
            }
            out[i] = (byte) (in[i] ^ key[i % Md5.LENGTH]);
        }
    }
}
