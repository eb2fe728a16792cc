package io.warren.ppp;

/**
 * What IPv6CP agreed on: the lower 64 bits of each end's link-local address.
 *
 * @param peerIdentifier 0 when the peer did not say
 */
public record Ipv6Parameters(long localIdentifier, long peerIdentifier) {}
