package io.warren.wire.l2tp;

import io.warren.wire.Bytes;

/** Tunnel authentication (RFC 2661 §4.2): MD5 over the message type octet, the secret and the challenge. */
public final class ChallengeResponse {
    private ChallengeResponse() {}

    /** @param carrier the message that will carry the response: SCCRP or SCCCN */
    public static Bytes compute(MessageType carrier, TunnelSecret secret, Bytes challenge) {
        throw new UnsupportedOperationException();
    }
}
