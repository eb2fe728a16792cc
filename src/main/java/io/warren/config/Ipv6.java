package io.warren.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IPv6 address.
 *
 * @param high, low the address, big-endian
 */
public record Ipv6(long high, long low) {
    /** Parses the notations of RFC 4291 §2.2, and nothing else: no names, no zones, no IPv4-mapped addresses. */
    public static Ipv6 parse(String text) {
        if (!text.matches("[0-9A-Fa-f:.]{2,45}") || text.indexOf(':') < 0) {
            throw new IllegalArgumentException("not an IPv6 address");
        }
        try {
            if (InetAddress.getByName(text) instanceof Inet6Address address) {
                byte[] octets = address.getAddress();
                return new Ipv6(number(octets, 0), number(octets, 8));
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an IPv6 address", e);
        }
        throw new IllegalArgumentException("not an IPv6 address");
    }

    /** Whether one host may have this address: a global or unique local one. */
    public boolean isAssignable() {
        boolean special = high == 0 && low >>> 32 == 0;
        return !special && high >>> 56 != 0xff && high >>> 54 != 0xfe80 >>> 6;
    }

    private static long number(byte[] octets, int from) {
        long number = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            number = number << 8 | (octets[i] & 0xff);
        }
        return number;
    }

    /** As RFC 5952 §4 has it. */
    @Override
    public String toString() {
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (high >>> (48 - 16 * i)) & 0xffff;
            groups[i + 4] = (int) (low >>> (48 - 16 * i)) & 0xffff;
        }
        int longest = 1;
        int gap = -1;
        for (int i = 0; i < 8; i++) {
            int zeros = 0;
            while (i + zeros < 8 && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > longest) {
                longest = zeros;
                gap = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
