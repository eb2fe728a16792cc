package io.warren.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for calls from some peers instead of {@link Settings.Ppp}. What is null is as for all.
 *
 * @param name the operator's, for the pattern
 * @param authentication asked of the subscriber, best first; empty: as for all
 * @param ipv6 whether subscribers may have it where the node has it at all
 * @param dns name servers for its subscribers; empty: as for all
 * @param helloTolerant whether it is kept when it does not acknowledge HELLOs
 */
public record PeerSettings(
        String name,
        PeerPattern peers,
        @Nullable ProxyLcp proxyLcp,
        @Nullable ProxyAuthentication proxyAuthentication,
        List<Settings.Authentication> authentication,
        @Nullable Integer mru,
        boolean ipv6,
        List<Ipv4> dns,
        @Nullable Boolean helloTolerant) {

    /** What becomes of LCP as a LAC has negotiated it (RFC 2661 §4.4.5). */
    public enum ProxyLcp {
        ACCEPT,
        ACCEPT_IF_COMPATIBLE,
        RENEGOTIATE
    }

    /** What becomes of the credentials that a LAC was shown. */
    public enum ProxyAuthentication {
        /** Passwords are verified; responses to a challenge too, if the peer has shown that it knows our secret. */
        WITH_SECRET,
        ACCEPT,
        /** The subscriber proves himself to us. */
        OFF
    }
}
