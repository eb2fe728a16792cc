package io.warren.wire.l2tp;

/**
 * One control packet: the header fields that matter, and the body.
 *
 * @param tunnelId the receiver's tunnel id, 0 in an SCCRQ
 * @param sessionId the receiver's session id, 0 where none applies or none is known yet
 * @param ns sequence number of this message, 0 to 65,535
 * @param nr sequence number that the sender expects next, 0 to 65,535
 */
public record ControlPacket(int tunnelId, int sessionId, int ns, int nr, ControlBody body) {}
