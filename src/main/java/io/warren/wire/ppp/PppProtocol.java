package io.warren.wire.ppp;

/** Protocol field values (RFC 1661 §2) of the protocols that we know by name. */
public final class PppProtocol {
    public static final int IPV4 = 0x0021;
    public static final int IPV6 = 0x0057;

    /** A compressed, or encrypted, packet (RFC 1962 §3). */
    public static final int COMPRESSED = 0x00fd;

    public static final int IPCP = 0x8021;
    public static final int IPV6CP = 0x8057;
    public static final int CCP = 0x80fd;
    public static final int LCP = 0xc021;
    public static final int PAP = 0xc023;
    public static final int CHAP = 0xc223;
    public static final int EAP = 0xc227;

    private PppProtocol() {}
}
