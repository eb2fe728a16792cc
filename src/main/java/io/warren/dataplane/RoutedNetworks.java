package io.warren.dataplane;

import io.warren.config.Cidr;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import org.jspecify.annotations.Nullable;

/** The networks behind the subscriber of one call, as the packet threads want them. Few: looked at one after the other. */
final class RoutedNetworks {
    private final int[] networks;
    private final int[] masks;
    private final long[] ipv6Networks;
    private final long[] ipv6Masks;

    private RoutedNetworks(ForwardingEntry entry) {
        networks = entry.routes().stream().mapToInt(Cidr::base).toArray();
        masks = entry.routes().stream()
                .mapToInt(route -> (int) (PrefixMap.mask(route.length()) >>> 32))
                .toArray();
        ipv6Networks =
                RouteClaims.ipv6(entry).stream().mapToLong(Ipv6Prefix::high).toArray();
        ipv6Masks = RouteClaims.ipv6(entry).stream()
                .mapToLong(route -> PrefixMap.mask(route.length()))
                .toArray();
    }

    /** Null: there are none. */
    static @Nullable RoutedNetworks of(ForwardingEntry entry) {
        return entry.hasRoutes() ? new RoutedNetworks(entry) : null;
    }

    /** Bits of the longest of them that the address is in; {@link PrefixTable#NONE} when it is in none. */
    int longest(int address) {
        int longest = PrefixTable.NONE;
        for (int i = 0; i < networks.length; i++) {
            if ((address & masks[i]) == networks[i]) {
                longest = Math.max(longest, Integer.bitCount(masks[i]));
            }
        }
        return longest;
    }

    /** The same by the first 64 bits of an IPv6 address. */
    int longestIpv6(long high) {
        int longest = PrefixTable.NONE;
        for (int i = 0; i < ipv6Networks.length; i++) {
            if ((high & ipv6Masks[i]) == ipv6Networks[i]) {
                longest = Math.max(longest, Long.bitCount(ipv6Masks[i]));
            }
        }
        return longest;
    }
}
