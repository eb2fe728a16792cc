package io.warren.control.access;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses that share a prefix.
 *
 * @param base the first address, as a big-endian int
 * @param length of the prefix, 0 to 32 bits
 */
public record Cidr(int base, int length) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    public Cidr {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("prefix length " + length + " is not 0 to 32");
        }
        if ((base & ~mask(length)) != 0) {
            throw new IllegalArgumentException(format(base) + "/" + length + " has bits beyond its prefix: "
                    + format(base & mask(length)) + "/" + length + " is meant?");
        }
    }

    /**
     * @param text {@code a.b.c.d/length}, or {@code a.b.c.d} for one address
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Cidr parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 address or range like 10.0.0.0/24");
        }
        int address = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(matcher.group(i));
            if (octet > 255) {
                throw new IllegalArgumentException("'" + text + "': " + octet + " is more than 255");
            }
            address = address << 8 | octet;
        }
        String length = matcher.group(5);
        return new Cidr(address, length == null ? 32 : Integer.parseInt(length));
    }

    /** A big-endian int as {@code a.b.c.d}. */
    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
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

    public int last() {
        return base | ~mask(length);
    }

    /** The first address that a host may have: without the network's own, where there is one. */
    int firstHost() {
        return length > 30 ? base : base + 1;
    }

    /** The last address that a host may have: without the broadcast address, where there is one. */
    int lastHost() {
        return length > 30 ? last() : last() - 1;
    }

    /** What of this range is not in {@code other}. */
    List<Cidr> minus(Cidr other) {
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
        return format(base) + "/" + length;
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (32 - length);
    }
}
