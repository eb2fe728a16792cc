package io.warren.control.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has of his own, where others have the usual.
 *
 * @param routes networks behind him
 * @param mtu the largest packet to send him, in octets, where his MRU allows more; 0: as his MRU says
 * @param until when the call is ended, however long it has lasted; null: nothing said
 * @param withoutIpv6 whether he gets none, though others do
 */
public record SubscriberTerms(
        SubscriberRoutes routes, int mtu, @Nullable Instant until, boolean withoutIpv6) {
    public static final SubscriberTerms NONE = new SubscriberTerms(SubscriberRoutes.NONE, 0, null, false);

    /** RFC 2865 §5.12 has no less; what is smaller is not used. */
    public static final int LEAST_MTU = 64;

    /** The same until another time. */
    SubscriberTerms until(Instant other) {
        return new SubscriberTerms(routes, mtu, other, withoutIpv6);
    }
}
