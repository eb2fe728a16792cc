package io.warren.wire.l2tp;

/**
 * The Failover Session State AVP (RFC 4951 §5.4): one session, as a question in an FSQ or as its answer in an FSR.
 *
 * @param sessionId the sender's id; 0 in an answer: there is no such session
 * @param remoteSessionId the receiver's id
 */
public record FailoverSessionState(int sessionId, int remoteSessionId) {}
