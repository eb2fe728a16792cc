package io.warren.config;

/**
 * A range of IP addresses, of either version, that share a prefix.
 *
 * @param ipv6 which version
 * @param high, low the first address, big-endian; one of IPv4 is in the upper 32 bits of {@code high}
 * @param length of the prefix in bits: 0 to 32, or 0 to 128
 */
public record AddressPrefix(boolean ipv6, long high, long low, int length) {
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;

    public AddressPrefix {
        int most = ipv6 ? 128 : 32;
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 0 to " + most);
        }
        if ((high & ~highMask(length)) != 0 || (low & ~lowMask(length)) != 0) {
            throw new IllegalArgumentException("it has bits set after the prefix");
        }
    }

    /**
     * Parses {@code 192.0.2.0/24} or {@code 2001:db8::/32}; an address by itself is a range of one.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without repeating it
     */
    public static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean six = address.indexOf(':') >= 0;
        int length = slash < 0 ? (six ? 128 : 32) : length(text.substring(slash + 1));
        if (six) {
            Ipv6 parsed = Ipv6.parse(address);
            return new AddressPrefix(true, parsed.high(), parsed.low(), length);
        }
        return new AddressPrefix(false, (long) Ipv4.parse(address).bits() << 32, 0, length);
    }

    /** Whether an address of 4 or 16 octets is in it. */
    public boolean contains(byte[] address) {
        if (address.length != (ipv6 ? IPV6_OCTETS : IPV4_OCTETS)) {
            return false;
        }
        long itsHigh = ipv6 ? number(address, 0, Long.BYTES) : number(address, 0, IPV4_OCTETS) << 32;
        long itsLow = ipv6 ? number(address, Long.BYTES, Long.BYTES) : 0;
        return (itsHigh & highMask(length)) == high && (itsLow & lowMask(length)) == low;
    }

    /** Bits of {@link #high} that belong to a prefix of this length. */
    public static long highMask(int length) {
        return length == 0 ? 0 : -1L << (64 - Math.min(length, 64));
    }

    /** Bits of {@link #low} that do. */
    public static long lowMask(int length) {
        return length <= 64 ? 0 : -1L << (128 - length);
    }

    private static int length(String text) {
        if (!text.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("its prefix '" + text + "' is not a number");
        }
        return Integer.parseInt(text);
    }

    private static long number(byte[] octets, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = number << 8 | (octets[i] & 0xff);
        }
        return number;
    }

    @Override
    public String toString() {
        return (ipv6 ? new Ipv6(high, low).toString() : Ipv4.dotted((int) (high >>> 32))) + "/" + length;
    }
}
