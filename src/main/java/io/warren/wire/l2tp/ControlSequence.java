package io.warren.wire.l2tp;

/**
 * The Suggested Control Sequence AVP (RFC 4951 §5.3): with which numbers its receiver goes on in the recovered tunnel.
 *
 * @param ns of the receiver's next message
 * @param nr of the sender's next message
 */
public record ControlSequence(int ns, int nr) {}
