package io.warren.client;

import io.warren.control.session.SessionEvent;
import io.warren.wire.l2tp.DisconnectCause;
import io.warren.wire.l2tp.ResultCode;
import java.util.Locale;

/**
 * Why a call ended that nobody here wanted to end, in words for whoever dials. An LNS that refuses a user says so in PPP
 * and then in its CDN; which of the two is read first, and whether the other one comes at all, makes no difference.
 */
final class CallFailure {
    private static final String REFUSED = "the peer refused us";

    /** RFC 3145 §3.3: name, password or secret are wrong. */
    private static final int AUTHENTICATION_FAILED = 16;

    private CallFailure() {}

    static String describe(SessionEvent.Closed closed) {
        boolean untold = saysRefused(closed) && !closed.reason().contains(REFUSED);
        return "call ended by " + closed.by() + ": " + (untold ? REFUSED + ": " : "") + closed.reason();
    }

    /** Whether the peer's CDN is about our credentials. */
    private static boolean saysRefused(SessionEvent.Closed closed) {
        DisconnectCause cause = closed.disconnectCause();
        ResultCode result = closed.result();
        String text = result == null || result.message() == null ? "" : result.message();
        return closed.by().equals("peer")
                && ((cause != null && cause.code() == AUTHENTICATION_FAILED)
                        || text.toLowerCase(Locale.ROOT).contains("authentication fail"));
    }
}
