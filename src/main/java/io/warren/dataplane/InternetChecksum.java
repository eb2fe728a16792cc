package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). */
final class InternetChecksum {
    private InternetChecksum() {}

    /** The checksum of {@code length} octets, whose own checksum field must be zero. */
    static int of(MemorySegment memory, long at, int length) {
        long sum = 0;
        int index = 0;
        for (; index + 4 <= length; index += 4) {
            sum += Octets.i32(memory, at + index) & 0xffff_ffffL;
        }
        if (index + 2 <= length) {
            sum += Octets.u16(memory, at + index);
            index += 2;
        }
        if (index < length) {
            sum += (long) Octets.u8(memory, at + index) << 8;
        }
        return ~fold(sum) & 0xffff;
    }

    /** The checksum after a 16-bit word changed: HC' = ~(~HC + ~m + m'), RFC 1624 §3, equation 3. */
    static int update(int checksum, int oldWord, int newWord) {
        return ~fold((~checksum & 0xffffL) + (~oldWord & 0xffffL) + (newWord & 0xffffL)) & 0xffff;
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }
}
