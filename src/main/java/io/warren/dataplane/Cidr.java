package io.warren.dataplane;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses.
 *
 * @param network big-endian; bits beyond the prefix are zero
 * @param prefixLength 0 to 32
 */
public record Cidr(int network, int prefixLength) {
    private static final Pattern NOTATION =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    public Cidr {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("a prefix length is 0 to 32, not " + prefixLength);
        }
        network &= prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }

    /** Reads {@code 10.64.0.0/16}. */
    public static Cidr parse(String text) {
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form 10.64.0.0/16");
        }
        int network = 0;
        for (int group = 1; group <= 4; group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw new IllegalArgumentException("\"" + text + "\": " + octet + " is not an octet");
            }
            network = network << 8 | octet;
        }
        return new Cidr(network, Integer.parseInt(matcher.group(5)));
    }

    @Override
    public String toString() {
        return Ipv4.dotted(network) + "/" + prefixLength;
    }
}
