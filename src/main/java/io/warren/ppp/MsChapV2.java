package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import io.warren.wire.mppe.MasterKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.jspecify.annotations.Nullable;

/** Calculation and verification of MS-CHAPv2 (RFC 2759 §8). Passwords are UTF-8 here and UTF-16 inside. */
public final class MsChapV2 {
    /** Octets of a challenge, ours and the peer's. */
    static final int CHALLENGE_LENGTH = 16;

    /** Octets of a Response's value: peer challenge, 8 reserved, NT response, flags. */
    static final int RESPONSE_LENGTH = 49;

    private static final int NT_RESPONSE_AT = 24;
    private static final int NT_RESPONSE_LENGTH = 24;

    private static final byte[] SIGNING_MAGIC =
            "Magic server to client signing constant".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PADDING_MAGIC =
            "Pad to make it do more than one iteration".getBytes(StandardCharsets.US_ASCII);

    private MsChapV2() {}

    /** The {@code S=…} that proves to the peer that we know the password too; null when the response is wrong. */
    public static @Nullable String verify(Credentials.MsChapV2 credentials, byte[] password) {
        return verify(credentials, new String(password, StandardCharsets.UTF_8));
    }

    /** The keys for MPPE of the server that found the response right. */
    public static MasterKeys keys(Credentials.MsChapV2 credentials, byte[] password) {
        byte[] passwordHash = passwordHash(new String(password, StandardCharsets.UTF_8));
        return MasterKeys.ofServer(
                md4(passwordHash), ntResponse(credentials.response().toByteArray()));
    }

    /** The same for a password as text. */
    public static @Nullable String verify(Credentials.MsChapV2 credentials, String password) {
        byte[] value = credentials.response().toByteArray();
        if (value.length != RESPONSE_LENGTH) {
            return null;
        }
        byte[] peerChallenge = Arrays.copyOf(value, CHALLENGE_LENGTH);
        byte[] ntResponse = ntResponse(value);
        byte[] challenge = challengeHash(peerChallenge, credentials.challenge().toByteArray(), credentials.user());
        byte[] passwordHash = passwordHash(password);
        if (!MessageDigest.isEqual(challengeResponse(challenge, passwordHash), ntResponse)) {
            return null;
        }
        return authenticatorResponse(passwordHash, ntResponse, challenge);
    }

    /**
     * What a peer answers, and what it then expects of the authenticator.
     *
     * @param keys for MPPE
     */
    record Answer(Bytes response, String authenticatorResponse, MasterKeys keys) {}

    static Answer respond(Bytes challenge, Bytes peerChallenge, String user, byte[] password) {
        byte[] hash = challengeHash(peerChallenge.toByteArray(), challenge.toByteArray(), user);
        byte[] passwordHash = passwordHash(new String(password, StandardCharsets.UTF_8));
        byte[] ntResponse = challengeResponse(hash, passwordHash);
        Bytes value = new WireWriter(RESPONSE_LENGTH)
                .bytes(peerChallenge)
                .u64(0)
                .bytes(ntResponse)
                .u8(0)
                .toBytes();
        return new Answer(
                value,
                authenticatorResponse(passwordHash, ntResponse, hash),
                MasterKeys.ofServer(md4(passwordHash), ntResponse).mirrored());
    }

    private static byte[] ntResponse(byte[] value) {
        return Arrays.copyOfRange(value, NT_RESPONSE_AT, NT_RESPONSE_AT + NT_RESPONSE_LENGTH);
    }

    /** §8.3. */
    private static byte[] passwordHash(String password) {
        return md4(password.getBytes(StandardCharsets.UTF_16LE));
    }

    /** §8.2; a Windows domain before the user name is not part of it. */
    static byte[] challengeHash(byte[] peerChallenge, byte[] authenticatorChallenge, String user) {
        String name = user.substring(user.lastIndexOf('\\') + 1);
        byte[] digest = sha1(peerChallenge, authenticatorChallenge, name.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest, 8);
    }

    /** §8.5: three DES encryptions with the 16 octets of the hash, padded to 21, as keys. */
    static byte[] challengeResponse(byte[] challenge, byte[] passwordHash) {
        byte[] keys = Arrays.copyOf(passwordHash, 21);
        byte[] response = new byte[NT_RESPONSE_LENGTH];
        for (int third = 0; third < 3; third++) {
            byte[] block = des(Arrays.copyOfRange(keys, third * 7, third * 7 + 7), challenge);
            System.arraycopy(block, 0, response, third * 8, 8);
        }
        return response;
    }

    /** §8.7. */
    static String authenticatorResponse(byte[] passwordHash, byte[] ntResponse, byte[] challenge) {
        byte[] digest = sha1(md4(passwordHash), ntResponse, SIGNING_MAGIC);
        return "S=" + HexFormat.of().withUpperCase().formatHex(sha1(digest, challenge, PADDING_MAGIC));
    }

    /** §8.3 and §8.4. */
    static byte[] md4(byte[] octets) {
        MD4Digest md4 = new MD4Digest();
        md4.update(octets, 0, octets.length);
        byte[] digest = new byte[md4.getDigestSize()];
        md4.doFinal(digest, 0);
        return digest;
    }

    private static byte[] sha1(byte[]... parts) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                sha1.update(part);
            }
            return sha1.digest();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing); // Every Java platform has SHA-1.
        }
    }

    /** §8.6. Single DES on one block is what the protocol is made of. */
    @SuppressWarnings("InsecureCryptoUsage")
    private static byte[] des(byte[] key, byte[] block) {
        try {
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(withParityBits(key), "DES"));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Spreads 56 bits over 8 octets; the eighth bit of each is a parity that DES ignores. */
    private static byte[] withParityBits(byte[] key) {
        long bits = 0;
        for (byte octet : key) {
            bits = (bits << 8) | (octet & 0xff);
        }
        byte[] spread = new byte[8];
        for (int i = 7; i >= 0; i--) {
            spread[i] = (byte) ((bits & 0x7f) << 1);
            bits >>>= 7;
        }
        return spread;
    }
}
