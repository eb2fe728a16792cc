package io.warren.control.port;

import io.warren.config.PrefixPlan;
import io.warren.config.PrefixPlan.Kind;
import java.util.LinkedHashSet;
import java.util.Set;

/** The prefixes that a subscriber's {@link SubscriberProfile} names, as leases: each has a number, see {@link PrefixPlan}. */
public final class SubscriberPrefixes {
    private SubscriberPrefixes() {}

    /** A link has a /64; a delegated prefix is not longer than that. */
    public static boolean isUsable(Kind kind, Ipv6Prefix prefix) {
        return switch (kind) {
            case FRAMED -> prefix.length() == PrefixPlan.FRAMED_LENGTH;
            case DELEGATED -> prefix.length() >= 16 && prefix.length() <= PrefixPlan.FRAMED_LENGTH;
        };
    }

    public static int index(Kind kind, Ipv6Prefix prefix) {
        return PrefixPlan.index(kind, prefix.high(), prefix.length());
    }

    /** The numbers of all prefixes that are used. */
    public static Set<Integer> indices(SubscriberProfile profile) {
        SubscriberIpv6 ipv6 = profile.ipv6();
        if (ipv6 == null) {
            return Set.of();
        }
        Set<Integer> indices = new LinkedHashSet<>(4);
        ipv6.prefixes().stream()
                .filter(prefix -> isUsable(Kind.FRAMED, prefix))
                .forEach(prefix -> indices.add(index(Kind.FRAMED, prefix)));
        ipv6.delegated().stream()
                .filter(prefix -> isUsable(Kind.DELEGATED, prefix))
                .forEach(prefix -> indices.add(index(Kind.DELEGATED, prefix)));
        return indices;
    }

    /** The same decision, with what is given of IPv6. */
    public static AccessDecision given(AccessDecision.Granted granted, SubscriberIpv6 ipv6) {
        return new AccessDecision.Granted(
                granted.user(),
                granted.address(),
                granted.dns(),
                granted.permitted(),
                granted.limits(),
                granted.authenticatorResponse(),
                granted.profile().with(ipv6),
                granted.keys(),
                granted.eap());
    }
}
