package io.warren.wire.l2tp;

/**
 * PPP Disconnect Cause Code AVP (RFC 3145 §2).
 *
 * @param direction 0 global, 1 at the peer, 2 at the local end
 */
public record DisconnectCause(int code, int controlProtocol, int direction, String message) {}
