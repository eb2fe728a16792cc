package io.warren.control.session;

import io.warren.control.ipv6.RouterSettings;
import io.warren.ppp.ClientIdentity;
import io.warren.ppp.LinkSettings;
import java.time.Duration;
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
 */
public record SessionSettings(
        LinkSettings link,
        @Nullable ClientIdentity client,
        Duration connectTimeout,
        Duration setupTimeout,
        Duration lcpTerminateWait,
        @Nullable Accounting accounting,
        @Nullable RouterSettings router) {
    /** Without accounting and IPv6. */
    public SessionSettings(
            LinkSettings link,
            @Nullable ClientIdentity client,
            Duration connectTimeout,
            Duration setupTimeout,
            Duration lcpTerminateWait) {
        this(link, client, connectTimeout, setupTimeout, lcpTerminateWait, null, null);
    }

    /**
     * How calls are accounted.
     *
     * @param interim between two updates; zero: none
     * @param plane names the data plane of this life of the node, so that its counters are not taken for another's
     */
    public record Accounting(Duration interim, long plane) {}
}
