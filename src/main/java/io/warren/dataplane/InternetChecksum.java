package io.warren.dataplane;

import java.lang.foreign.MemorySegment;

/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). */
final class InternetChecksum {
    private InternetChecksum() {}

    /** The checksum of {@code length} octets, whose own checksum field must be zero. */
    static int of(MemorySegment memory, long at, int length) {
        return ~WordSum.of(memory, at, length) & 0xffff;
    }

    /** The checksum after a 16-bit word changed: HC' = ~(~HC + ~m + m'), RFC 1624 §3, equation 3. */
    static int update(int checksum, int oldWord, int newWord) {
        return ~WordSum.fold((~checksum & 0xffffL) + (~oldWord & 0xffffL) + (newWord & 0xffffL)) & 0xffff;
    }
}
