package io.warren.ppp;

/**
 * The compression that a link has: from CCP's opening on, until CCP opens again.
 *
 * @param id differs from that of the link's other sessions, each of which has histories of its own
 * @param send whether what we send is compressed
 * @param receive whether the peer compresses
 */
public record DeflateSession(long id, boolean send, boolean receive) {}
