package io.warren.control.ingress;

import io.warren.control.port.Endpoint;

/**
 * A tunnel that has just begun: told to the other nodes, since the SCCRQ may be repeated to any of them.
 *
 * @param remote the peer
 * @param peerTunnelId the Assigned Tunnel ID of its SCCRQ
 * @param tunnelId ours
 */
public record TunnelNotice(Endpoint remote, int peerTunnelId, int tunnelId) {}
