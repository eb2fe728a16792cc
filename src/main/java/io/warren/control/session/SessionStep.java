package io.warren.control.session;

import io.warren.control.Moment;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision while it is being made: collects what it leads to, in the order in which it must happen. */
final class SessionStep {
    private final SessionSettings settings;
    private final Moment moment;
    private final Meters meters;
    private final List<SessionEvent> events = new ArrayList<>(2);
    private final List<SessionEffect> effects = new ArrayList<>(4);
    private SessionState state;
    private @Nullable SessionEffect plane;
    private boolean leave;
    private boolean stop;
    private boolean confirms = true;

    SessionStep(SessionState state, SessionSettings settings, Moment moment, Meters meters) {
        this.state = state;
        this.settings = settings;
        this.moment = moment;
        this.meters = meters;
    }

    SessionSettings settings() {
        return settings;
    }

    Moment moment() {
        return moment;
    }

    /** What the data planes have counted. */
    Meters meters() {
        return meters;
    }

    SessionState state() {
        return state;
    }

    long in(Duration wait) {
        return moment.nanos() + wait.toNanos();
    }

    /** Goes to a state that the journal need not know. */
    void become(SessionState next) {
        state = next;
    }

    /** Writes an event and goes where it leads. */
    void happened(SessionEvent event) {
        events.add(event);
        state = SessionDecider.evolve(state, event);
    }

    void effect(SessionEffect effect) {
        effects.add(effect);
    }

    /** Install or Uninstall; done before all else, so that no frame of this step overtakes it. The last one counts. */
    void plane(SessionEffect installOrUninstall) {
        plane = installOrUninstall;
    }

    void dropped(String reason) {
        effects.add(new SessionEffect.Dropped(reason));
    }

    void stop() {
        stop = true;
    }

    /** The peer shall send this message again: the tunnel will tell of its call first. */
    void again() {
        confirms = false;
    }

    /** As {@link #stop()}, but the entity goes on. */
    void leave() {
        leave = true;
    }

    /** A new call begins after all. */
    void goOn() {
        stop = false;
    }

    /** The call is over without a CDN of ours: the peer sent one, or there is nobody to send it to. */
    void closed(CallEnd end, SessionCounters total) {
        if (state instanceof SessionState.Established call && call.books().accounted()) {
            CallBooks.over(this, call, end, total);
        } else {
            happened(new SessionEvent.Closed(moment.wall(), end.by(), end.reason(), end.result(), end.cause(), total));
            stop();
        }
    }

    /** The call went with its tunnel. */
    void closedWithTunnel(String reason, SessionCounters total) {
        if (state instanceof SessionState.Established call && call.books().accounted()) {
            CallBooks.over(this, call, CallEnd.withTunnel(reason), total);
        } else {
            happened(new SessionEvent.Closed(moment.wall(), CallEnd.TUNNEL, reason, null, null, total));
            stop();
        }
    }

    /** The call is over, and the peer is told. */
    void closedWithCdn(CallEnd end, SessionCounters total) {
        int sessionId = state.key().sessionId();
        closed(end, total);
        effect(new SessionEffect.SendControl(end.toCdn(sessionId)));
    }

    /** The outcome. A control message is confirmed once, unless it shall come again, after all that it led to. */
    SessionDecision decision(SessionInput input) {
        List<SessionEffect> all = new ArrayList<>(effects.size() + 4);
        if (plane != null) {
            all.add(plane);
        }
        all.addAll(effects);
        if (confirms && input instanceof SessionInput.Control control) {
            all.add(new SessionEffect.Confirm(control.ns()));
        }
        if (leave) {
            all.add(new SessionEffect.Leave());
        }
        if (stop) {
            all.add(new SessionEffect.Stop());
        }
        return new SessionDecision(state, List.copyOf(events), List.copyOf(all));
    }
}
