package io.warren.wire.mppe;

/** How much of a session key is secret. The 56 bits of RFC 3078 §2.1 are not among them. */
public enum Strength {
    /** Eight octets, of which three are known. */
    BITS_40(40, 8, 0x20),
    BITS_128(128, 16, 0x40);

    private final int bits;
    private final int keyLength;
    private final int supportedBit;

    Strength(int bits, int keyLength, int supportedBit) {
        this.bits = bits;
        this.keyLength = keyLength;
        this.supportedBit = supportedBit;
    }

    public int bits() {
        return bits;
    }

    /** Octets of a session key. */
    int keyLength() {
        return keyLength;
    }

    /** Its bit in the Supported Bits of CCP's option (RFC 3078 §2.1): L or S. */
    public int supportedBit() {
        return supportedBit;
    }
}
