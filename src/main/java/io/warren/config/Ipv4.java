package io.warren.config;

/**
 * An IPv4 address.
 *
 * @param bits the address as a big-endian int
 */
public record Ipv4(int bits) {
    /** Parses dotted decimal, and nothing else: no names, no short forms, no leading zeros. */
    public static Ipv4 parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not four numbers with dots between");
        }
        int bits = 0;
        for (String part : parts) {
            bits = bits << 8 | octet(part);
        }
        return new Ipv4(bits);
    }

    private static int octet(String part) {
        if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) {
            throw new IllegalArgumentException("'" + part + "' is not a number from 0 to 255");
        }
        return Integer.parseInt(part);
    }

    /** Whether one host may have this address: not "this network", loopback, multicast or reserved. */
    public boolean isAssignable() {
        int first = bits >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    /** A big-endian int as {@code a.b.c.d}. */
    public static String dotted(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    @Override
    public String toString() {
        return dotted(bits);
    }
}
