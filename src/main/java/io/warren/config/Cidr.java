package io.warren.config;

/**
 * A range of IPv4 addresses.
 *
 * @param network its first address
 * @param prefix length of the network part, 0 to 32 bits
 */
public record Cidr(Ipv4 network, int prefix) {
    /** Parses {@code 10.0.0.0/8}; bits after the prefix must be zero. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("it has no /prefix");
        }
        Ipv4 address = Ipv4.parse(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (!length.matches("[0-9]{1,2}") || Integer.parseInt(length) > 32) {
            throw new IllegalArgumentException("its prefix '" + length + "' is not a number from 0 to 32");
        }
        Cidr cidr = new Cidr(address, Integer.parseInt(length));
        Cidr whole = new Cidr(new Ipv4(address.bits() & cidr.mask()), cidr.prefix);
        if (!whole.equals(cidr)) {
            throw new IllegalArgumentException("it has bits set after the prefix (the range is " + whole + ")");
        }
        return cidr;
    }

    /** Ones for the network part, as a big-endian int. */
    public int mask() {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    public Ipv4 first() {
        return network;
    }

    public Ipv4 last() {
        return new Ipv4(network.bits() | ~mask());
    }

    /** How many addresses it holds, the first and the last among them. */
    public long size() {
        return 1L << (32 - prefix);
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask()) == network.bits();
    }

    public boolean overlaps(Cidr other) {
        return contains(other.network) || other.contains(network);
    }

    @Override
    public String toString() {
        return network + "/" + prefix;
    }
}
