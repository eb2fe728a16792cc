package io.warren.ppp;

/** IPv4 ranges in {@code a.b.c.d/n} notation; without {@code /n} a single address. */
final class Cidr {
    private static final int ADDRESS_BITS = 32;

    private Cidr() {}

    /** False for text that is not a range. */
    static boolean contains(String range, int address) {
        int slash = range.indexOf('/');
        String[] octets = (slash < 0 ? range : range.substring(0, slash)).split("\\.", -1);
        try {
            int bits = slash < 0 ? ADDRESS_BITS : Integer.parseInt(range.substring(slash + 1));
            if (octets.length != 4 || bits < 0 || bits > ADDRESS_BITS) {
                return false;
            }
            int network = 0;
            for (String octet : octets) {
                int value = Integer.parseInt(octet);
                if (value < 0 || value > 255) {
                    return false;
                }
                network = (network << 8) | value;
            }
            int mask = bits == 0 ? 0 : -1 << (ADDRESS_BITS - bits);
            return (network & mask) == (address & mask);
        } catch (NumberFormatException notNumbers) {
            return false;
        }
    }
}
