package io.warren.control.session;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import java.util.List;

/** Puts an established call behind other filters: in the journal first, then in the data plane. */
final class FilterChange {
    private static final String IN = ".in";
    private static final String OUT = ".out";

    private FilterChange() {}

    static void decide(SessionStep step, Established call, SessionInput.Filters change) {
        if (call.network() == null) {
            step.dropped("filters for a call that is not up");
            return;
        }
        Live live = call.live();
        if (live != null) {
            // so that they stay when IPCP is negotiated anew; a new authentication brings the user's own
            step.become(call.with(
                    live.with(live.admission().within(live.admission().profile().behind(change.filters())))));
        }
        step.happened(new SessionEvent.FiltersChanged(step.moment().wall(), change.filters(), change.by()));
        look(step, change.filters());
        if (step.state() instanceof Established changed) {
            ForwardingEntry entry = Forwarding.entry(changed);
            if (entry != null) {
                step.plane(new SessionEffect.Install(entry));
            }
        }
    }

    /** A name that this node has no rules for is passed over, and counted. */
    static void look(SessionStep step, List<String> filters) {
        for (String name : filters) {
            if (!isKnown(step, name)
                    && !(name.endsWith(IN) && isKnown(step, name.substring(0, name.length() - IN.length())))
                    && !(name.endsWith(OUT) && isKnown(step, name.substring(0, name.length() - OUT.length())))) {
                step.dropped("a filter that is not in the configuration");
            }
        }
    }

    private static boolean isKnown(SessionStep step, String name) {
        return step.settings().filters().contains(name);
    }
}
