package io.warren.wire.mppe;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The stream cipher of RFC 3078, on a state that is allocated once: a {@code Cipher} of the platform cannot be given
 * another key without an object for it, and here each packet has its own.
 */
final class Rc4 {
    private static final int STATES = 256;

    private final byte[] state = new byte[STATES];
    private int i;
    private int j;

    /** Begins anew with the first {@code length} octets of {@code key}. */
    void key(byte[] key, int length) {
        for (int n = 0; n < STATES; n++) {
            state[n] = (byte) n;
        }
        int k = 0;
        int at = 0;
        for (int n = 0; n < STATES; n++) {
            byte octet = state[n];
            k = k + octet + key[at] & 0xff;
            state[n] = state[k];
            state[k] = octet;
            at = at + 1 == length ? 0 : at + 1;
        }
        i = 0;
        j = 0;
    }

    /** Encrypts, or decrypts, {@code length} octets where they are. */
    void apply(MemorySegment memory, long at, int length) {
        int x = i;
        int y = j;
        for (int n = 0; n < length; n++) {
            x = x + 1 & 0xff;
            byte one = state[x];
            y = y + one & 0xff;
            byte other = state[y];
            state[x] = other;
            state[y] = one;
            byte octet = memory.get(ValueLayout.JAVA_BYTE, at + n);
            memory.set(ValueLayout.JAVA_BYTE, at + n, (byte) (octet ^ state[one + other & 0xff]));
        }
        i = x;
        j = y;
    }

    /** The same in an array, from its beginning. */
    void apply(byte[] octets, int length) {
        int x = i;
        int y = j;
        for (int n = 0; n < length; n++) {
            x = x + 1 & 0xff;
            byte one = state[x];
            y = y + one & 0xff;
            byte other = state[y];
            state[x] = other;
            state[y] = one;
            octets[n] ^= state[one + other & 0xff];
        }
        i = x;
        j = y;
    }
}
