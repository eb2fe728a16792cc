package io.warren.control.ipv6;

import io.warren.config.PrefixPlan.Kind;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.ppp.LinkParameters;
import io.warren.wire.Bytes;
import io.warren.wire.ipv6.Ipv6Address;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber has of IPv6.
 *
 * @param router our link-local address
 * @param peerIdentifier of the subscriber's interface; 0 when he did not say
 * @param prefixes of the link, of 64 bits
 * @param delegated for the networks behind him
 * @param assigned an address that he alone is to have, given by DHCPv6; null: none
 * @param dns name servers of his own; none: those of all
 * @param mtu of the link, in octets
 */
public record HostLink(
        Ipv6Address router,
        long peerIdentifier,
        List<Ipv6Prefix> prefixes,
        List<Ipv6Prefix> delegated,
        @Nullable Ipv6Address assigned,
        List<Ipv6Address> dns,
        int mtu) {
    private static final int LEAST_MTU = 1_280;

    public HostLink {
        prefixes = List.copyOf(prefixes);
        delegated = List.copyOf(delegated);
        dns = List.copyOf(dns);
    }

    /** Empty while IPv6CP is not open. */
    public static Optional<HostLink> of(LinkParameters link, @Nullable SubscriberIpv6 has) {
        if (link.ipv6() == null) {
            return Optional.empty();
        }
        SubscriberIpv6 ipv6 = has == null ? SubscriberIpv6.NONE : has;
        return Optional.of(new HostLink(
                Ipv6Address.linkLocal(link.ipv6().localIdentifier()),
                link.ipv6().peerIdentifier(),
                usable(Kind.FRAMED, ipv6.prefixes()),
                usable(Kind.DELEGATED, ipv6.delegated()),
                address(ipv6.address()),
                ipv6.dns().stream().map(HostLink::address).toList(),
                Math.max(LEAST_MTU, Math.min(link.localMru(), link.peerMru()))));
    }

    /** The address that DHCPv6 gives: the assigned one, else one of the link's first prefix; null without either. */
    @Nullable
    Ipv6Address hostAddress() {
        if (assigned != null || prefixes.isEmpty()) {
            return assigned;
        }
        return new Ipv6Address(prefixes.getFirst().high(), peerIdentifier == 0 ? 1 : peerIdentifier);
    }

    /** Whether the address belongs to this link. */
    boolean isOnLink(Ipv6Address address) {
        return address.equals(assigned)
                || address.isLinkLocal()
                || prefixes.stream().anyMatch(prefix -> prefix.high() == address.high());
    }

    private static List<Ipv6Prefix> usable(Kind kind, List<Ipv6Prefix> prefixes) {
        return prefixes.stream()
                .filter(prefix -> SubscriberPrefixes.isUsable(kind, prefix))
                .toList();
    }

    private static @Nullable Ipv6Address address(@Nullable Ipv6Prefix address) {
        return address == null ? null : new Ipv6Address(address.high(), address.low());
    }

    private static Ipv6Address address(Bytes octets) {
        Ipv6Prefix whole = Ipv6Prefix.of(octets, 128);
        return new Ipv6Address(whole.high(), whole.low());
    }
}
