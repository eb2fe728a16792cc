package io.warren.control.session;

import io.warren.config.PeerPattern;
import io.warren.control.ipv6.RouterSettings;
import io.warren.control.tunnel.CallOffer;
import io.warren.ppp.ClientIdentity;
import io.warren.ppp.LinkSettings;
import io.warren.ppp.ProxyPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How our end of a call behaves.
 *
 * @param client who we are at the end that dials; null: this node does not dial
 * @param connectTimeout how long an offered call may wait for its ICCN (or, at our LAC end, for ICRP)
 * @param setupTimeout how long from ICCN to IP up
 * @param lcpTerminateWait how long to wait for the peer's CDN after LCP was terminated, before we send ours
 * @param accounting null: nobody is told of calls
 * @param router what subscribers with IPv6 are told; null: nothing
 * @param proxy what becomes of LCP and authentication that a LAC has been through; for peers without their own policy
 * @param peers policies of some peers; for the others {@code link} and {@code proxy} hold
 * @param filters names of the rule lists that there are
 */
public record SessionSettings(
        LinkSettings link,
        @Nullable ClientIdentity client,
        Duration connectTimeout,
        Duration setupTimeout,
        Duration lcpTerminateWait,
        @Nullable Accounting accounting,
        @Nullable RouterSettings router,
        ProxyPolicy proxy,
        List<PeerPolicy> peers,
        Set<String> filters) {
    public SessionSettings {
        filters = Set.copyOf(filters);
        peers = List.copyOf(peers);
    }

    /** The same for all peers, and nothing is taken from a LAC. */
    public SessionSettings(
            LinkSettings link,
            @Nullable ClientIdentity client,
            Duration connectTimeout,
            Duration setupTimeout,
            Duration lcpTerminateWait,
            @Nullable Accounting accounting,
            @Nullable RouterSettings router) {
        this(
                link,
                client,
                connectTimeout,
                setupTimeout,
                lcpTerminateWait,
                accounting,
                router,
                ProxyPolicy.NONE,
                List.of(),
                Set.of());
    }

    /** Without accounting and IPv6. */
    public SessionSettings(
            LinkSettings link,
            @Nullable ClientIdentity client,
            Duration connectTimeout,
            Duration setupTimeout,
            Duration lcpTerminateWait) {
        this(link, client, connectTimeout, setupTimeout, lcpTerminateWait, null, null);
    }

    /** The policy that fits the peer of this call best. */
    PeerPolicy policyOf(CallOffer call) {
        PeerPolicy best = new PeerPolicy(PeerPattern.ANY, link, proxy);
        int exactness = PeerPattern.NO_FIT;
        byte[] address =
                peers.isEmpty() ? new byte[0] : call.path().remote().address().toByteArray();
        for (PeerPolicy policy : peers) {
            int fit = policy.peers().fit(call.peerHostName(), address);
            if (fit > exactness) {
                best = policy;
                exactness = fit;
            }
        }
        return best;
    }

    /**
     * How calls are accounted.
     *
     * @param interim between two updates; zero: none
     */
    public record Accounting(Duration interim) {}
}
