package io.warren.ppp;

import io.warren.wire.Bytes;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The surroundings of one input.
 *
 * @param now monotonic nanoseconds
 * @param mtu largest information field that the peer takes, in octets
 */
record Turn(long now, RandomGenerator random, int mtu) {
    /** A fresh challenge of {@code length} octets. */
    static Bytes octets(RandomGenerator random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }

    /** A 32 bit magic number, not 0 and not {@code other}. */
    static long magic(RandomGenerator random, long other) {
        long magic;
        do {
            magic = random.nextInt() & 0xffff_ffffL;
        } while (magic == 0 || magic == other);
        return magic;
    }

    /** As much of {@code octets} as {@code room} lets in. */
    static Bytes cut(Bytes octets, int room) {
        return octets.length() <= room ? octets : Bytes.of(Arrays.copyOf(octets.toByteArray(), Math.max(room, 0)));
    }
}
