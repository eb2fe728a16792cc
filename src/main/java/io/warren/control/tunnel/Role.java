package io.warren.control.tunnel;

/** Which end asked for the tunnel. Says nothing of LAC or LNS (RFC 2661 §7.2). */
public enum Role {
    /** We sent the SCCRQ. */
    INITIATOR,
    /** The peer sent the SCCRQ. */
    RESPONDER
}
