package io.warren.control.port;

/** Why a call ended, in the words of Acct-Terminate-Cause (RFC 2866 §5.10). */
public enum TerminateCause {
    USER_REQUEST(1),
    LOST_CARRIER(2),
    LOST_SERVICE(3),
    IDLE_TIMEOUT(4),
    SESSION_TIMEOUT(5),
    ADMIN_RESET(6),
    PORT_ERROR(8),
    NAS_ERROR(9),
    NAS_REQUEST(10),
    PORT_PREEMPTED(13);

    private final int code;

    TerminateCause(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
