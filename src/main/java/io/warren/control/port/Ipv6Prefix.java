package io.warren.control.port;

import io.warren.config.AddressPrefix;
import io.warren.wire.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv6 prefix; an address is one of 128 bits. Bits beyond the length are cleared.
 *
 * @param high, low the address, big-endian
 * @param length 0 to 128 bits
 */
public record Ipv6Prefix(long high, long low, int length) {
    public Ipv6Prefix {
        if (length < 0 || length > 128) {
            throw new IllegalArgumentException("a prefix has 0 to 128 bits, not " + length);
        }
        high &= AddressPrefix.highMask(length);
        low &= AddressPrefix.lowMask(length);
    }

    /**
     * Of an address.
     *
     * @param address 16 octets
     */
    public static Ipv6Prefix of(Bytes address, int length) {
        if (address.length() != 16) {
            throw new IllegalArgumentException("an IPv6 address has 16 octets, not " + address.length());
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | (address.at(i) & 0xff);
            low = low << 8 | (address.at(i + 8) & 0xff);
        }
        return new Ipv6Prefix(high, low, length);
    }

    /** The 16 octets of its first address. */
    public Bytes address() {
        byte[] octets = new byte[16];
        for (int i = 0; i < 8; i++) {
            octets[i] = (byte) (high >>> (56 - 8 * i));
            octets[i + 8] = (byte) (low >>> (56 - 8 * i));
        }
        return Bytes.of(octets);
    }

    /** The usual notation: {@code 2001:db8:0:0:0:0:0:0/32}. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(address().toByteArray()).getHostAddress() + "/" + length;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 16 octets are an address
        }
    }
}
