package io.warren.control.port;

import io.warren.wire.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber gets of IPv6 where it is not left to the pools. In brackets the RADIUS attribute that it comes from.
 *
 * @param prefixes for the link, to be advertised (Framed-IPv6-Prefix, RFC 3162 §2.3)
 * @param delegated for the networks behind the subscriber (Delegated-IPv6-Prefix, RFC 4818)
 * @param interfaceId to be assigned by IPv6CP (Framed-Interface-Id, RFC 3162 §2.2)
 * @param address to be given by DHCPv6, of 128 bits (Framed-IPv6-Address, RFC 6911 §3.1)
 * @param pool to take the link's prefix from (Framed-IPv6-Pool, RFC 3162 §2.6)
 * @param delegatedPool to take the delegated prefix from (Delegated-IPv6-Prefix-Pool, RFC 6911 §3.4)
 * @param addressPool to take the address from (Stateful-IPv6-Address-Pool, RFC 6911 §3.5)
 * @param dns name servers, 16 octets each (DNS-Server-IPv6-Address, RFC 6911 §3.2)
 * @param routes as they came, for people (Framed-IPv6-Route, RFC 3162 §2.5)
 */
public record SubscriberIpv6(
        List<Ipv6Prefix> prefixes,
        List<Ipv6Prefix> delegated,
        @Nullable Long interfaceId,
        @Nullable Ipv6Prefix address,
        @Nullable String pool,
        @Nullable String delegatedPool,
        @Nullable String addressPool,
        List<Bytes> dns,
        List<String> routes) {
    /** Nothing said: as the pools and the settings have it. */
    public static final SubscriberIpv6 NONE =
            new SubscriberIpv6(List.of(), List.of(), null, null, null, null, null, List.of(), List.of());

    public SubscriberIpv6 {
        prefixes = List.copyOf(prefixes);
        delegated = List.copyOf(delegated);
        dns = List.copyOf(dns);
        routes = List.copyOf(routes);
    }

    /** The same with these prefixes. */
    public SubscriberIpv6 with(List<Ipv6Prefix> links, List<Ipv6Prefix> networks) {
        return new SubscriberIpv6(links, networks, interfaceId, address, pool, delegatedPool, addressPool, dns, routes);
    }
}
