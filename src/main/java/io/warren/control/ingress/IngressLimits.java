package io.warren.control.ingress;

/**
 * What is turned away at the door.
 *
 * @param tunnels tunnels on this node
 * @param tunnelsPerPeer tunnels with one peer address
 * @param sccrqPerSource new tunnels per second from one address (and as many at once)
 * @param sccrqInAll new tunnels per second from all addresses together (and as many at once)
 */
public record IngressLimits(int tunnels, int tunnelsPerPeer, int sccrqPerSource, int sccrqInAll) {}
