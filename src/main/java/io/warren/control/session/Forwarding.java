package io.warren.control.session;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.control.port.SubscriberRoutes;
import io.warren.control.port.SubscriberTerms;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.LinkParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an established call has in the data plane and in the pools; the same from the journal and while it lives. */
final class Forwarding {
    private static final int LEAST_IPV6_MTU = 1_280;

    private Forwarding() {}

    static @Nullable ForwardingEntry entry(Established call) {
        SessionEvent.NetworkUp network = call.network();
        Live live = call.live();
        if (network == null
                || (live != null && !live.forwarding())
                || (live == null && CallEncryption.wasEncrypted(network))) {
            return null;
        }
        CallOffer offer = call.connected().call();
        LinkParameters link = network.link();
        SubscriberTerms terms = call.profile().ownTerms();
        SubscriberRoutes routes = terms.routes();
        return new ForwardingEntry(
                offer.key(),
                offer.path(),
                offer.peerTunnelId(),
                offer.peerSessionId(),
                link.withoutIpv4() ? 0 : offer.initiator() ? link.localAddress() : link.peerAddress(),
                mtu(link, terms.mtu()),
                link.peerAcfc(),
                link.peerPfc(),
                call.connected().sequencingRequired(),
                offer.initiator(),
                call.limits(),
                link.ipv6() == null
                        ? null
                        : new ForwardingEntry.Ipv6(CallPrefixes.usable(call.profile()), routes.ipv6()),
                CallEncryption.entry(call),
                call.profile().filters(),
                link.withoutIpv4() ? List.of() : routes.ipv4(),
                CallCompression.entry(call, link));
    }

    /** What we send: as the peer takes it, or less where it is said of him; every link carries IPv6's least (RFC 8200 §5). */
    private static int mtu(LinkParameters link, int said) {
        int least = link.ipv6() == null ? SubscriberTerms.LEAST_MTU : LEAST_IPV6_MTU;
        return said == 0 ? link.peerMru() : Math.min(link.peerMru(), Math.max(least, said));
    }

    static OptionalInt leasedAddress(Established call) {
        Live live = call.live();
        SessionEvent.NetworkUp network = call.network();
        if (live != null) {
            int leased = live.admission().leased();
            return leased == 0 ? OptionalInt.empty() : OptionalInt.of(leased);
        }
        return network == null || isLac(call) || network.link().peerAddress() == 0
                ? OptionalInt.empty()
                : OptionalInt.of(network.link().peerAddress());
    }

    /** The address, and the numbers of the prefixes. */
    static List<Integer> leased(Established call) {
        List<Integer> leased = new ArrayList<>(3);
        leasedAddress(call).ifPresent(leased::add);
        Live live = call.live();
        if (!isLac(call)) {
            leased.addAll(SubscriberPrefixes.indices(
                    live == null ? call.profile() : live.admission().profile()));
        }
        return leased;
    }

    /** The leased address that a restart would go on with; 0 for none. */
    static int addressInJournal(Established call) {
        return leasedAddress(call.durable()).orElse(0);
    }

    /** What the call has moved in all, on whatever nodes. */
    static SessionCounters total(Established call, SessionStep step) {
        return call.books().total(meters(call, step));
    }

    /** What the meters of this call show, by their numbers; none that was of another call with our ids. */
    static Map<Long, SessionCounters> meters(Established call, SessionStep step) {
        Meters meters = step.meters();
        CallOffer offer = call.connected().call();
        CallMeters elsewhere = meters.elsewhere();
        Map<Long, SessionCounters> all = new TreeMap<>();
        if (elsewhere != null && elsewhere.isOf(offer.key(), offer.peerTunnelId(), offer.peerSessionId())) {
            all.putAll(elsewhere.meters());
        }
        if (meters.number() != 0) {
            all.put(meters.number(), meters.here());
        }
        return all;
    }

    /** Whether this is the end that dials. */
    static boolean isLac(Established call) {
        return call.connected().call().initiator();
    }
}
