package io.warren.control.session;

import io.warren.control.login.Login;
import io.warren.control.port.CallDetails;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call as it counts among those of its user. */
public final class CallLogin {
    private CallLogin() {}

    /** Who was let in; empty: nobody yet, or not any more. */
    public static String user(SessionState state) {
        if (!(state instanceof Established call)) {
            return "";
        }
        Live live = call.live();
        SessionEvent.NetworkUp network = call.network();
        String user = live == null ? "" : live.admission().user();
        return user.isEmpty() && network != null ? network.user() : user;
    }

    /** The same, as seen from afar; whether it is being ended cannot be seen. */
    public static @Nullable Login of(SessionView view) {
        Instant at = view.connectedAt();
        return view.state().equals("established") && at != null
                ? new Login(view.key(), CallDetails.accountingId(view.key(), at), view.user(), at, false)
                : null;
    }

    /** Null: it is not connected, or is over, be it with its accounting owed. */
    public static @Nullable Login of(SessionState state) {
        if (!(state instanceof Established call)) {
            return null;
        }
        Live live = call.live();
        Instant at = call.connected().at();
        return new Login(
                call.key(),
                CallDetails.accountingId(call.key(), at),
                user(call),
                at,
                live != null && live.ending() != null);
    }
}
