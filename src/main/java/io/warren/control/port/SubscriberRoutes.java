package io.warren.control.port;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import java.util.List;

/** Networks behind a subscriber: packets to them go to his call, and he may send from them. */
public record SubscriberRoutes(List<Cidr> ipv4, List<Ipv6Prefix> ipv6) {
    public static final SubscriberRoutes NONE = new SubscriberRoutes(List.of(), List.of());

    /** Routes of one call, of each version: what is over is not used. */
    public static final int MOST = 64;

    /** A subscriber with a larger network would be a provider. */
    private static final int SHORTEST = 8;

    private static final int SHORTEST_IPV6 = 16;

    /** Forwarding looks at the first half of an address only. */
    private static final int LONGEST_IPV6 = 64;

    public SubscriberRoutes {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
    }

    /** Whether hosts can be in it, and it is not too large. */
    public static boolean isUsable(Cidr network) {
        return network.length() >= SHORTEST && new Ipv4(network.base()).isAssignable();
    }

    /** Whether hosts can be in it, and it is neither too large nor smaller than a link. */
    public static boolean isUsable(Ipv6Prefix network) {
        boolean multicast = network.high() >>> 56 == 0xff;
        boolean linkLocal = network.high() >>> 54 == 0xfe80 >>> 6;
        return network.length() >= SHORTEST_IPV6
                && network.length() <= LONGEST_IPV6
                && network.high() != 0
                && !multicast
                && !linkLocal;
    }
}
