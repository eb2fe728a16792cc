package io.warren.control.port;

import io.warren.wire.Bytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a subscriber for as long as the call lasts, beside the name, the IPv4 address and the limits. It is
 * in the journal with the call, so it holds no secret.
 *
 * @param sessionTimeout seconds after which the call is ended, counted from the first time that it was up; 0: never
 * @param idleTimeout seconds without a packet after which the call is ended; 0: never
 * @param interimInterval seconds between two accounting updates; 0: as the settings have it
 * @param classes to be sent back in accounting, octet for octet (Class, RFC 2865 §5.25)
 * @param filters names of rule lists (Filter-Id)
 * @param ipv6 null: nothing said of it
 * @param terms null: nothing said of them
 */
public record SubscriberProfile(
        int sessionTimeout,
        int idleTimeout,
        int interimInterval,
        List<Bytes> classes,
        List<String> filters,
        @Nullable SubscriberIpv6 ipv6,
        @Nullable SubscriberTerms terms) {
    /** Nothing said. */
    public static final SubscriberProfile NONE = new SubscriberProfile(0, 0, 0, List.of(), List.of(), null);

    public SubscriberProfile {
        classes = List.copyOf(classes);
        filters = List.copyOf(filters);
    }

    /** Without terms of his own. */
    public SubscriberProfile(
            int sessionTimeout,
            int idleTimeout,
            int interimInterval,
            List<Bytes> classes,
            List<String> filters,
            @Nullable SubscriberIpv6 ipv6) {
        this(sessionTimeout, idleTimeout, interimInterval, classes, filters, ipv6, null);
    }

    /** The terms that hold, said or not. */
    public SubscriberTerms ownTerms() {
        return terms == null ? SubscriberTerms.NONE : terms;
    }

    /** The same with other terms. */
    public SubscriberProfile with(SubscriberTerms other) {
        return new SubscriberProfile(
                sessionTimeout,
                idleTimeout,
                interimInterval,
                classes,
                filters,
                ipv6,
                other.equals(SubscriberTerms.NONE) ? null : other);
    }

    /** The same until this time. */
    public SubscriberProfile until(Instant end) {
        return with(ownTerms().until(end));
    }

    /** The same with other words about IPv6. */
    public SubscriberProfile with(SubscriberIpv6 other) {
        return new SubscriberProfile(sessionTimeout, idleTimeout, interimInterval, classes, filters, other, terms);
    }

    /** The same behind other filters. */
    public SubscriberProfile behind(List<String> otherFilters) {
        return new SubscriberProfile(sessionTimeout, idleTimeout, interimInterval, classes, otherFilters, ipv6, terms);
    }

    /** The same with other timeouts. */
    public SubscriberProfile within(int otherSessionTimeout, int otherIdleTimeout) {
        return new SubscriberProfile(
                otherSessionTimeout, otherIdleTimeout, interimInterval, classes, filters, ipv6, terms);
    }
}
