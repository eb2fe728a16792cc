package io.warren.control.session;

import io.warren.wire.l2tp.DisconnectCause;

/** The PPP disconnect codes that we send (RFC 3145 §3). */
enum PppDisconnect {
    ADMINISTRATIVE(1),
    NORMAL(3),
    LCP_TIMEOUT(5),
    NO_LCP_RECEIVED(6),
    LOOPED_BACK(7),
    ECHO_TIMEOUT(8),
    AUTHENTICATION_TIMEOUT(13),
    AUTHENTICATION_FAILED(16),
    NCP_TIMEOUT(17);

    /** Directions (RFC 3145 §2). */
    static final int GLOBAL = 0;

    static final int AT_PEER = 1;
    static final int AT_LOCAL = 2;

    /** PPP protocol numbers, for the Control Protocol Number field. */
    static final int LCP = 0xc021;

    static final int IPCP = 0x8021;
    static final int PAP = 0xc023;
    static final int CHAP = 0xc223;
    static final int EAP = 0xc227;

    private final int code;

    PppDisconnect(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    DisconnectCause with(int controlProtocol, int direction, String message) {
        return new DisconnectCause(code, controlProtocol, direction, message);
    }
}
