package io.warren.control.session;

import io.warren.config.FilterRules;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts an established call behind other filters: in the journal first, then in the data plane. */
final class FilterChange {
    private FilterChange() {}

    static void decide(SessionStep step, Established call, SessionInput.Filters change) {
        if (call.network() == null) {
            step.dropped("filters for a call that is not up");
            return;
        }
        if (unknown(step, change.filters()) != null) {
            step.dropped("a change to a filter that is not in the configuration");
            return;
        }
        Live live = call.live();
        if (live != null) {
            // so that they stay when IPCP is negotiated anew; a new authentication brings the user's own
            step.become(call.with(
                    live.with(live.admission().within(live.admission().profile().behind(change.filters())))));
        }
        step.happened(new SessionEvent.FiltersChanged(step.moment().wall(), change.filters(), change.by()));
        if (step.state() instanceof Established changed) {
            ForwardingEntry entry = Forwarding.entry(changed);
            if (entry != null) {
                step.plane(new SessionEffect.Install(entry));
            }
        }
    }

    /** The first name that this node has no rules for; null: it knows them all. */
    static @Nullable String unknown(SessionStep step, List<String> filters) {
        for (String name : filters) {
            if (!FilterRules.isMeant(name, step.settings().filters())) {
                return name;
            }
        }
        return null;
    }

    /** A node that was configured otherwise has let him in, or this one has been since: nothing passes where all is unknown. */
    static void look(SessionStep step, List<String> filters) {
        if (unknown(step, filters) != null) {
            step.dropped("a filter that is not in the configuration");
        }
    }
}
