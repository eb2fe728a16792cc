package io.warren.wire.l2tp;

/**
 * The Tunnel Recovery AVP (RFC 4951 §5.2): which old tunnel the sender wants to recover.
 *
 * @param recoverTunnelId the sender's id of it
 * @param recoverRemoteTunnelId the receiver's id of it
 */
public record TunnelRecovery(int recoverTunnelId, int recoverRemoteTunnelId) {}
