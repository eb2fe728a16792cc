package io.warren.dataplane;

import java.security.SecureRandom;

/**
 * SipHash-1-3 of a few words (J.-P. Aumasson, D. J. Bernstein: SipHash: a fast short-input PRF, 2012; one round for each
 * word, three at the end). Who does not know the key cannot choose words with equal hashes.
 */
final class SipHash {
    /** What the last word holds after the others: how many octets they are. */
    private static final long LENGTH = 24L << 56;

    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** With a key of chance. */
    static SipHash random() {
        SecureRandom random = new SecureRandom();
        return new SipHash(random.nextLong(), random.nextLong());
    }

    /** Of three words, little-endian. */
    long of(long first, long second, long third) {
        long v0 = key0 ^ 0x736f_6d65_7073_6575L;
        long v1 = key1 ^ 0x646f_7261_6e64_6f6dL;
        long v2 = key0 ^ 0x6c79_6765_6e65_7261L;
        long v3 = key1 ^ 0x7465_6462_7974_6573L;
        for (int round = 0; round < 7; round++) {
            long word = round == 0 ? first : round == 1 ? second : round == 2 ? third : round == 3 ? LENGTH : 0;
            v3 ^= word;
            v2 ^= round == 4 ? 0xff : 0;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
