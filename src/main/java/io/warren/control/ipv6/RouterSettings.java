package io.warren.control.ipv6;

import io.warren.wire.Bytes;
import io.warren.wire.ipv6.Ipv6Address;
import java.time.Duration;
import java.util.List;

/**
 * What is the same for all links.
 *
 * @param advertiseEvery between two unsolicited Router Advertisements
 * @param lifetime of what a subscriber is told: he hears it again before
 * @param dns name servers where the subscriber has none of his own
 * @param serverDuid names the DHCPv6 server (RFC 8415 §11): the same on all nodes, since calls move
 */
public record RouterSettings(Duration advertiseEvery, Duration lifetime, List<Ipv6Address> dns, Bytes serverDuid) {
    public RouterSettings {
        dns = List.copyOf(dns);
    }

    /** Seconds. */
    long validLifetime() {
        return lifetime.toSeconds();
    }

    /** Seconds: new connections leave an old prefix before it ends. */
    long preferredLifetime() {
        return lifetime.toSeconds() / 2;
    }
}
