package io.warren.wire.l2tp;

/**
 * A message of a known type that cannot be used: a required AVP is missing, a value is malformed, or a mandatory AVP
 * is unknown (RFC 2661 §4.1). It is acknowledged; then the session (session messages) or the tunnel is ended.
 *
 * @param type what the Message Type AVP said
 * @param assignedId the sender's Assigned Tunnel ID or Assigned Session ID as far as it could be read, else 0
 * @param errorCode general error code of RFC 2661 §4.4.2 to answer with
 * @param reason for the log and the peer's Error Message
 */
public record BadMessage(MessageType type, int assignedId, int errorCode, String reason) implements ControlBody {
    /** The answer's Result Code: a general error. */
    public ResultCode resultCode() {
        return ResultCode.error(errorCode, reason);
    }
}
