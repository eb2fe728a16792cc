package io.warren.control.port;

import io.warren.config.Cidr;
import io.warren.wire.mppe.MasterKeys;
import io.warren.wire.mppe.Strength;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the data plane needs to forward one call.
 *
 * @param key our ids
 * @param path pinned: packets from elsewhere are not this call's
 * @param peerTunnelId the peer's tunnel id, put into what we send
 * @param peerSessionId the peer's session id, put into what we send
 * @param address the subscriber's IPv4 address as a big-endian int; the only source address accepted (BCP 38); 0: no IPv4
 * @param peerMru largest PPP information field that the peer takes, in octets
 * @param peerAcfc whether the peer takes frames without Address and Control fields
 * @param peerPfc whether the peer takes one-octet protocol fields
 * @param sendSequence whether data must carry Ns/Nr, both ways (Sequencing Required AVP)
 * @param defaultRoute whether the peer is a network and not a subscriber, as for a client that dialled: its packets may
 *     have any source, and what has no call of its own goes to it
 * @param limits what the call may use
 * @param ipv6 null: no IPv6
 * @param mppe null: packets are not encrypted
 * @param filters names of the rule lists that its packets have to pass
 * @param routes networks behind the subscriber: more sources that are accepted unless they are another's, and forwarded to
 *     him where no call has the address itself and none a longer route
 * @param deflate null: packets are not compressed
 */
public record ForwardingEntry(
        SessionKey key,
        PeerPath path,
        int peerTunnelId,
        int peerSessionId,
        int address,
        int peerMru,
        boolean peerAcfc,
        boolean peerPfc,
        boolean sendSequence,
        boolean defaultRoute,
        TrafficLimits limits,
        @Nullable Ipv6 ipv6,
        @Nullable Mppe mppe,
        List<String> filters,
        List<Cidr> routes,
        @Nullable Deflate deflate) {
    public ForwardingEntry {
        filters = List.copyOf(filters);
        routes = List.copyOf(routes);
    }

    /**
     * IPv6 of a call.
     *
     * @param prefixes of the subscriber's link and networks, of 64 bits at most: with the routes, the only sources
     *     accepted (BCP 38)
     * @param routes other networks behind the subscriber, of 64 bits at most; at one node the longest prefix or route of
     *     all counts for packets to it, of equal ones the prefix, while no call may send from another's prefix
     */
    public record Ipv6(List<Ipv6Prefix> prefixes, List<Ipv6Prefix> routes) {
        public Ipv6 {
            prefixes = List.copyOf(prefixes);
            routes = List.copyOf(routes);
        }

        /** Without other networks. */
        public Ipv6(List<Ipv6Prefix> prefixes) {
            this(prefixes, List.of());
        }
    }

    /**
     * How a call's packets are encrypted, both ways.
     *
     * @param id of this use of the keys: with another one they begin anew
     * @param keys null where only another node has them: then no packet of the call can pass
     */
    public record Mppe(Strength strength, long id, @Nullable MasterKeys keys) {}

    /**
     * How a call's packets are compressed.
     *
     * @param id of this use of CCP: with another one the histories begin anew
     * @param send whether what we send may be compressed
     * @param receive whether what the peer sends may be
     * @param mru largest information field that the peer may send, in octets
     */
    public record Deflate(long id, boolean send, boolean receive, int mru) {}

    /** Of a call without routes that is not compressed. */
    public ForwardingEntry(
            SessionKey key,
            PeerPath path,
            int peerTunnelId,
            int peerSessionId,
            int address,
            int peerMru,
            boolean peerAcfc,
            boolean peerPfc,
            boolean sendSequence,
            boolean defaultRoute,
            TrafficLimits limits,
            @Nullable Ipv6 ipv6,
            @Nullable Mppe mppe,
            List<String> filters) {
        this(
                key,
                path,
                peerTunnelId,
                peerSessionId,
                address,
                peerMru,
                peerAcfc,
                peerPfc,
                sendSequence,
                defaultRoute,
                limits,
                ipv6,
                mppe,
                filters,
                List.of(),
                null);
    }

    /** Of a call that is not encrypted and has no filters. */
    public ForwardingEntry(
            SessionKey key,
            PeerPath path,
            int peerTunnelId,
            int peerSessionId,
            int address,
            int peerMru,
            boolean peerAcfc,
            boolean peerPfc,
            boolean sendSequence,
            boolean defaultRoute,
            TrafficLimits limits,
            @Nullable Ipv6 ipv6) {
        this(
                key,
                path,
                peerTunnelId,
                peerSessionId,
                address,
                peerMru,
                peerAcfc,
                peerPfc,
                sendSequence,
                defaultRoute,
                limits,
                ipv6,
                null,
                List.of());
    }

    /** Of a call without IPv6, encryption and filters. */
    public ForwardingEntry(
            SessionKey key,
            PeerPath path,
            int peerTunnelId,
            int peerSessionId,
            int address,
            int peerMru,
            boolean peerAcfc,
            boolean peerPfc,
            boolean sendSequence,
            boolean defaultRoute,
            TrafficLimits limits) {
        this(
                key,
                path,
                peerTunnelId,
                peerSessionId,
                address,
                peerMru,
                peerAcfc,
                peerPfc,
                sendSequence,
                defaultRoute,
                limits,
                null);
    }

    /**
     * Whether a simple in-kernel accelerator could forward this call: one address, no
     * numbers, limits, keys, histories or filters.
     */
    public boolean accelerable() {
        return !sendSequence
                && mppe == null
                && deflate == null
                && limits.equals(TrafficLimits.NONE)
                && filters.isEmpty()
                && routes.isEmpty();
    }

    /** Whether there are networks behind the subscriber. */
    public boolean hasRoutes() {
        return !routes.isEmpty() || (ipv6 != null && !ipv6.routes().isEmpty());
    }

    /** The same call under other limits. */
    public ForwardingEntry withLimits(TrafficLimits other) {
        return with(other, mppe, deflate);
    }

    /** The same for another node, whom the keys would not help: it does not know how often they were changed. */
    public ForwardingEntry withoutKeys() {
        return mppe == null || mppe.keys() == null
                ? this
                : with(limits, new Mppe(mppe.strength(), mppe.id(), null), deflate);
    }

    /** The same call, whose packets are compressed so from now on. */
    public ForwardingEntry withDeflate(@Nullable Deflate other) {
        return with(limits, mppe, other);
    }

    private ForwardingEntry with(TrafficLimits otherLimits, @Nullable Mppe otherMppe, @Nullable Deflate otherDeflate) {
        return new ForwardingEntry(
                key,
                path,
                peerTunnelId,
                peerSessionId,
                address,
                peerMru,
                peerAcfc,
                peerPfc,
                sendSequence,
                defaultRoute,
                otherLimits,
                ipv6,
                otherMppe,
                filters,
                routes,
                otherDeflate);
    }
}
