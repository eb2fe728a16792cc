package io.warren.sys;

import java.nio.ByteBuffer;

/**
 * IP addresses as two longs, so that packet threads compare them without objects. An IPv4 address has the form that
 * RFC 4291 §2.5.5.2 calls IPv4-mapped: 80 zero bits, 16 one bits, the address.
 */
public final class AddressBits {
    private static final long MAPPED = 0x0000_ffff_0000_0000L;

    private AddressBits() {}

    /** The upper 64 bits of an address of 4 or 16 octets. */
    public static long high(byte[] address) {
        return address.length == 4 ? 0 : ByteBuffer.wrap(address).getLong(0);
    }

    /** The lower 64 bits of an address of 4 or 16 octets. */
    public static long low(byte[] address) {
        return address.length == 4
                ? ofIpv4(ByteBuffer.wrap(address).getInt(0))
                : ByteBuffer.wrap(address).getLong(8);
    }

    /** The lower 64 bits of a big-endian IPv4 address; the upper ones are 0. */
    public static long ofIpv4(int address) {
        return MAPPED | (address & 0xffff_ffffL);
    }

    /** Whether it is the form that an IPv4 address has here. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** Whether it is the address that stands for none: {@code 0.0.0.0}, {@code ::}, or no address at all. */
    public static boolean isUnspecified(long high, long low) {
        return high == 0 && (low == 0 || low == MAPPED);
    }

    /** Whether an IPv6 address has a meaning on its own link only (fe80::/10, RFC 4291 §2.5.6). */
    public static boolean isLinkLocal(long high) {
        return high >>> 54 == 0x3fa;
    }

    /** A hash of an address and a port of which every bit is good (the finalizer of MurmurHash3). */
    public static int hash(long high, long low, int port) {
        long mixed = high * 0x9e37_79b9_7f4a_7c15L ^ low ^ (long) port << 32;
        mixed = (mixed ^ mixed >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return (int) (mixed ^ mixed >>> 33);
    }

    /** 4 octets for a mapped IPv4 address, else 16. */
    public static byte[] toBytes(long high, long low) {
        return isIpv4(high, low)
                ? ByteBuffer.allocate(4).putInt((int) low).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
}
