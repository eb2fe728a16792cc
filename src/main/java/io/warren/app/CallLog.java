package io.warren.app;

import io.warren.control.port.PeerPath;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionLog;
import io.warren.control.session.SessionState;
import io.warren.control.session.SessionView;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelLog;
import io.warren.control.tunnel.TunnelState;
import io.warren.journal.EventText;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * One line per change of state of a tunnel or call, with tunnel, session, user and peer for the log pattern. What only
 * repeats in the tunnel what the call says itself has level DEBUG.
 */
final class CallLog implements TunnelLog, SessionLog {
    private static final Logger TUNNELS = LoggerFactory.getLogger("warren.tunnels");
    private static final Logger CALLS = LoggerFactory.getLogger("warren.calls");

    private final LongAdder written = new LongAdder();

    /** How many events were written to the journal. */
    long written() {
        return written.sum();
    }

    @Override
    public void happened(TunnelState state, TunnelEvent event) {
        written.increment();
        Level level = level(event);
        if (!TUNNELS.isEnabledForLevel(level)) {
            return;
        }
        try (var _ = MDC.putCloseable("tunnel", Integer.toString(state.tunnelId()));
                var _ = MDC.putCloseable("peer", remote(state.path()))) {
            TUNNELS.atLevel(level).log("{}", EventText.describe(event));
        }
    }

    /** A call tells of itself when it is connected; what its tunnel did for it is for those who look closely. */
    private static Level level(TunnelEvent event) {
        return switch (event) {
            case TunnelEvent.TunnelOffered _,
                    TunnelEvent.TunnelRequested _,
                    TunnelEvent.TunnelEstablished _,
                    TunnelEvent.CallRefused _,
                    TunnelEvent.RecoveryOffered _,
                    TunnelEvent.TunnelRecovered _,
                    TunnelEvent.RecoveryEnded _,
                    TunnelEvent.TunnelClosed _ -> Level.INFO;
            case TunnelEvent.CallOffered _,
                    TunnelEvent.MessageSent _,
                    TunnelEvent.CallEnded _,
                    TunnelEvent.NumbersNoted _ -> Level.DEBUG;
        };
    }

    @Override
    public void happened(SessionState state, SessionEvent event) {
        written.increment();
        if (!CALLS.isInfoEnabled()) {
            return;
        }
        SessionView view = SessionView.of(state);
        try (var _ = MDC.putCloseable("tunnel", Integer.toString(view.key().tunnelId()));
                var _ = MDC.putCloseable("session", view.key().toString());
                var _ = MDC.putCloseable("user", view.user());
                var _ = MDC.putCloseable("peer", remote(view.path()))) {
            CALLS.info("{}", EventText.describe(event));
        }
    }

    private static String remote(@Nullable PeerPath path) {
        return path == null ? "" : path.remote().toString();
    }
}
