package io.warren.control.port;

/**
 * The two ends of a UDP conversation: our address, as the peer spoke to it, and the peer's, as learned. Answers leave
 * with the same pair (RFC 2661 §8.1).
 */
public record PeerPath(Endpoint local, Endpoint remote) {}
