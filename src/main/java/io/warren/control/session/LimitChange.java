package io.warren.control.session;

import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;

/** Puts an established call under other limits: in the journal first, then in the data plane. */
final class LimitChange {
    private LimitChange() {}

    static void decide(SessionStep step, Established call, SessionInput.Limit change) {
        if (call.network() == null) {
            step.dropped("limits for a call that is not up");
            return;
        }
        Live live = call.live();
        if (live != null) {
            // so that they stay when IPCP is negotiated anew; a new authentication brings the user's own
            step.become(call.with(live.with(live.admission().limited(change.limits()))));
        }
        step.happened(new SessionEvent.LimitsChanged(step.moment().wall(), change.limits(), change.by()));
        if (live == null || live.forwarding()) {
            step.effect(new SessionEffect.Limit(change.limits()));
        }
    }
}
