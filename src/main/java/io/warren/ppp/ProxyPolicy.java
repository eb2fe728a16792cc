package io.warren.ppp;

/**
 * What becomes of the LCP negotiation and the authentication that a LAC has been through with the peer before it
 * called us (RFC 2661 §4.4.5).
 */
public record ProxyPolicy(Lcp lcp, Credentials credentials) {
    /** Nothing is taken from the LAC. */
    public static final ProxyPolicy NONE = new ProxyPolicy(Lcp.RENEGOTIATE, Credentials.NONE);

    /** What becomes of what the LAC negotiated. */
    public enum Lcp {
        /** It holds, wherever the link can be used as it is. */
        ACCEPT,
        /** It holds if we could have agreed to the same. */
        ACCEPT_IF_COMPATIBLE,
        /** It is negotiated anew. */
        RENEGOTIATE
    }

    /** Which credentials are believed that the peer showed to the LAC. They are verified as if shown to us. */
    public enum Credentials {
        NONE,
        /** Passwords: a response to a challenge of somebody else's choice may be an old one, said again. */
        PASSWORDS,
        ALL
    }
}
