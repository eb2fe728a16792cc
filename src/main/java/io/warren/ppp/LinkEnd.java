package io.warren.ppp;

/** Why a link ended. */
public enum LinkEnd {
    /** The peer sent a Terminate-Request. */
    PEER_TERMINATED,
    /** We were told to close. */
    CLOSED,
    AUTHENTICATION_FAILED,
    /** No agreement, or the peer does not answer Configure-Requests. */
    NEGOTIATION_FAILED,
    /** Echo-Requests went unanswered. */
    ECHO_TIMEOUT,
    /** Our own magic number came back. */
    LOOPED_BACK
}
