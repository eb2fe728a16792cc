package io.warren.control.session;

import io.warren.control.port.SubscriberProfile;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import java.time.Instant;

/** Gives an established call other times: in the journal, and at once. A session timeout counts from the call's start. */
final class TimeoutChange {
    private TimeoutChange() {}

    static void decide(SessionStep step, Established call, SessionInput.Timeouts change) {
        if (call.network() == null) {
            step.dropped("timeouts for a call that is not up");
            return;
        }
        SubscriberProfile before = call.profile();
        Integer session = change.sessionTimeout();
        Integer idle = change.idleTimeout();
        SessionEvent.TimeoutsChanged changed = new SessionEvent.TimeoutsChanged(
                step.moment().wall(),
                session == null ? before.sessionTimeout() : session,
                idle == null ? before.idleTimeout() : idle,
                change.by(),
                change.until());
        SubscriberProfile after = changed.in(before);
        Live live = call.live();
        if (live != null) {
            // so that they stay when IPCP is negotiated anew
            Instant upSince = call.upSince();
            CallTimeouts timeouts = CallTimeouts.of(
                    after,
                    upSince == null ? step.moment().wall() : upSince,
                    step.moment(),
                    Forwarding.total(call, step));
            step.become(call.with(live.with(live.admission().within(after))
                    .with(idle == null ? timeouts.idleAs(live.timeouts()) : timeouts)));
        }
        step.happened(changed);
    }
}
