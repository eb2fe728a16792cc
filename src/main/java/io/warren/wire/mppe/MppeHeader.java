package io.warren.wire.mppe;

/** What stands before an encrypted packet (RFC 3078 §3): PPP protocol 0x00FD, then the bits A to D and the count. */
final class MppeHeader {
    /** Octets of bits and count. */
    static final int LENGTH = 2;

    /** Coherency counts are below this. */
    static final int COUNTS = 0x1000;

    /** Bit A: the tables were begun anew; in stateless mode with each packet. */
    static final int FLUSHED = 0x8000;

    /** Bits B and C speak of compression, which is never negotiated here. */
    static final int COMPRESSED = 0x6000;

    /** Bit D. */
    static final int ENCRYPTED = 0x1000;

    private MppeHeader() {}
}
