package io.warren.config;

/**
 * A range of IPv6 addresses that prefixes for subscribers are cut out of.
 *
 * @param high the first 64 bits of its first address
 * @param length of its own prefix, 1 to 64 bits
 */
public record Ipv6Range(long high, int length) {
    public Ipv6Range {
        if (length < 1 || length > 64) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 1 to 64");
        }
        if ((high & ~AddressPrefix.highMask(length)) != 0) {
            throw new IllegalArgumentException("it has bits set after the prefix");
        }
    }

    /**
     * Parses {@code 2001:db8::/40}.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without repeating it
     */
    public static Ipv6Range parse(String text) {
        int slash = text.indexOf('/');
        String length = slash < 0 ? "" : text.substring(slash + 1);
        if (!length.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 1 to 64");
        }
        Ipv6 address = Ipv6.parse(text.substring(0, slash));
        if (address.low() != 0) {
            throw new IllegalArgumentException("it has bits set after the prefix");
        }
        if (!address.isAssignable()) {
            throw new IllegalArgumentException("no host can have these addresses");
        }
        return new Ipv6Range(address.high(), Integer.parseInt(length));
    }

    /** @param addressHigh the first 64 bits of an address */
    public boolean contains(long addressHigh) {
        return (addressHigh & AddressPrefix.highMask(length)) == high;
    }

    public boolean overlaps(Ipv6Range other) {
        return contains(other.high) || other.contains(high);
    }

    @Override
    public String toString() {
        return new Ipv6(high, 0) + "/" + length;
    }
}
