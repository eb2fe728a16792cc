package io.warren.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of IPv4 addresses that share a prefix.
 *
 * @param base the first address, as a big-endian int
 * @param length of the prefix, 0 to 32 bits
 */
public record Cidr(int base, int length) {
    public Cidr {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 0 to 32");
        }
        if ((base & ~mask(length)) != 0) {
            throw new IllegalArgumentException("it has bits set after the prefix (the range is "
                    + Ipv4.dotted(base & mask(length)) + "/" + length + ")");
        }
    }

    /**
     * Parses {@code 10.0.0.0/8}, or {@code 10.0.0.1} for one address.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without repeating it
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Cidr(Ipv4.parse(text).bits(), 32);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 0 to 32");
        }
        return new Cidr(Ipv4.parse(text.substring(0, slash)).bits(), Integer.parseInt(length));
    }

    public boolean contains(int address) {
        return (address & mask(length)) == base;
    }

    public boolean contains(Cidr other) {
        return other.length >= length && contains(other.base);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** The last address, as a big-endian int. */
    public int last() {
        return base | ~mask(length);
    }

    /** The first address that a host may have: without the network's own, where there is one. */
    public int firstHost() {
        return length > 30 || isReserved() ? base : base + 1;
    }

    /** The last address that a host may have: without the broadcast address, where there is one. */
    public int lastHost() {
        return length > 30 || isReserved() ? last() : last() - 1;
    }

    /** Whether no host has these addresses, so that they can be the numbers of something else. */
    private boolean isReserved() {
        return base >>> 29 == 7;
    }

    /** What of this range is not in {@code other}. */
    public List<Cidr> minus(Cidr other) {
        if (!overlaps(other)) {
            return List.of(this);
        }
        List<Cidr> rest = new ArrayList<>();
        if (!other.contains(this)) {
            Cidr lower = new Cidr(base, length + 1);
            Cidr upper = new Cidr(base | 1 << (31 - length), length + 1);
            rest.addAll(lower.minus(other));
            rest.addAll(upper.minus(other));
        }
        return rest;
    }

    @Override
    public String toString() {
        return Ipv4.dotted(base) + "/" + length;
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }
}
