package io.warren.control.session;

import io.warren.config.PrefixPlan.Kind;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The IPv6 prefixes of a call as leases. Like the address, one that is in the journal stays the call's until the journal
 * has another: a restart would go on with it.
 */
final class CallPrefixes {
    private CallPrefixes() {}

    /** What the call has, as the data plane is to know it. */
    static List<Ipv6Prefix> usable(SubscriberProfile profile) {
        SubscriberIpv6 ipv6 = profile.ipv6();
        List<Ipv6Prefix> prefixes = new ArrayList<>();
        if (ipv6 != null) {
            ipv6.prefixes().stream()
                    .filter(prefix -> SubscriberPrefixes.isUsable(Kind.FRAMED, prefix))
                    .forEach(prefixes::add);
            ipv6.delegated().stream()
                    .filter(prefix -> SubscriberPrefixes.isUsable(Kind.DELEGATED, prefix))
                    .forEach(prefixes::add);
        }
        return prefixes;
    }

    /** The call was let in anew: what it was given before and is not in the journal goes. */
    static void granted(SessionStep step, Established call, Live live, SubscriberProfile now) {
        Set<Integer> kept = new HashSet<>(SubscriberPrefixes.indices(now));
        kept.addAll(inJournal(call));
        releaseAllBut(kept, SubscriberPrefixes.indices(live.admission().profile()), step);
    }

    /** The journal has this profile from now on. */
    static void journalled(SessionStep step, Established before, SubscriberProfile now) {
        releaseAllBut(SubscriberPrefixes.indices(now), inJournal(before), step);
    }

    /** The call is over. */
    static void left(SessionStep step, Established call) {
        Set<Integer> all = new HashSet<>(inJournal(call));
        Live live = call.live();
        if (live != null) {
            all.addAll(SubscriberPrefixes.indices(live.admission().profile()));
        }
        releaseAllBut(Set.of(), all, step);
    }

    /** A decision that came too late: what it gives and the call does not have already goes back. */
    static void late(SessionStep step, AccessDecision decision) {
        if (decision instanceof AccessDecision.Granted granted) {
            Set<Integer> kept = new HashSet<>();
            if (step.state() instanceof Established call) {
                kept.addAll(inJournal(call));
                if (call.live() != null) {
                    kept.addAll(
                            SubscriberPrefixes.indices(call.live().admission().profile()));
                }
            }
            releaseAllBut(kept, SubscriberPrefixes.indices(granted.profile()), step);
        }
    }

    private static Set<Integer> inJournal(Established call) {
        return Forwarding.isLac(call) ? Set.of() : SubscriberPrefixes.indices(call.profile());
    }

    private static void releaseAllBut(Set<Integer> kept, Set<Integer> indices, SessionStep step) {
        for (int index : indices) {
            if (!kept.contains(index)) {
                step.effect(new SessionEffect.ReleaseAddress(index));
            }
        }
    }
}
