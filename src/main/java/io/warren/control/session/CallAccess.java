package io.warren.control.session;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberProfile;
import io.warren.control.session.SessionState.Admission;
import io.warren.control.session.SessionState.Established;
import io.warren.control.session.SessionState.Live;
import io.warren.ppp.AuthenticationOutcome;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.ppp.PppLink;
import io.warren.wire.Bytes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who is let in, and which address he gets: asks for both, and gives back what is not used. */
final class CallAccess {
    private final SessionStep step;
    private final EstablishedCall established;
    private final long now;

    /** @param established goes on with the link when there is an answer */
    CallAccess(SessionStep step, EstablishedCall established) {
        this.step = step;
        this.established = established;
        this.now = step.moment().nanos();
    }

    void request(Established call, Live live, Credentials credentials) {
        AccessRequest request = new AccessRequest(call.connected().details(), credentials);
        int protocol = switch (credentials) {
            case Credentials.Pap _ -> PppDisconnect.PAP;
            case Credentials.ChapMd5 _, Credentials.MsChapV2 _ -> PppDisconnect.CHAP;
            case Credentials.Eap _ -> PppDisconnect.EAP;
        };
        step.become(call.with(live.with(live.admission().asking(request, protocol))));
        step.effect(new SessionEffect.RequestAccess(request));
    }

    void decided(Established call, SessionInput.AccessDecided decided) {
        Live live = call.live();
        if (live == null
                || live.ending() != null
                || !decided.request().equals(live.admission().asked())) {
            staleDecision(call, live, decided);
            return;
        }
        Admission admission = live.admission();
        switch (decided.decision()) {
            case AccessDecision.Granted granted -> {
                String obstacle = inTheWay(call, granted);
                if (obstacle.isEmpty()) {
                    letIn(call, live, granted);
                } else {
                    staleDecision(call, live, decided);
                    reject(call, live, obstacle, null);
                }
            }
            case AccessDecision.Challenged(Bytes eap, EapRound round, Duration repeatAfter) -> {
                step.become(call.with(live.with(admission.answered())));
                answer(live.link(), new AuthenticationOutcome.Challenged(eap, round, repeatAfter));
            }
            case AccessDecision.Denied(String reason, boolean busy, Bytes eap) -> {
                if (busy) {
                    Established denied = call.with(live.with(admission.denied(reason)));
                    step.become(denied);
                    established.close(denied, CallEnd.busy(reason));
                } else {
                    reject(call, live, reason, eap);
                }
            }
        }
    }

    private void letIn(Established call, Live live, AccessDecision.Granted granted) {
        releaseAllBut(granted.address(), Forwarding.addressInJournal(call), live.admission());
        CallPrefixes.granted(step, call, live, granted.profile());
        Admission let = live.admission()
                .granted(granted.user(), granted.address(), granted.permitted(), granted.limits(), granted.profile());
        step.become(call.with(live.with(let)));
        answer(
                granted.profile().ownTerms().withoutIpv6() ? live.link().withoutIpv6() : live.link(),
                new AuthenticationOutcome.Accepted(
                        granted.address(),
                        granted.dns(),
                        granted.permitted(),
                        granted.authenticatorResponse(),
                        interfaceIdentifier(granted.profile()),
                        CallEncryption.terms(granted.keys()),
                        granted.eap()));
    }

    /** Why somebody who is allowed to call cannot be let in all the same; empty: nothing is in the way. */
    private String inTheWay(Established call, AccessDecision.Granted granted) {
        SessionEvent.NetworkUp before = call.network();
        if (before != null && !before.user().equals(granted.user())) {
            return "another user on a call that is somebody's already";
        }
        String unknown = FilterChange.unknown(step, granted.profile().filters());
        return unknown == null ? "" : "the filter " + unknown + " is not in the configuration (warren.filters)";
    }

    /** @param reason for the journal: the peer is not told it */
    private void reject(Established call, Live live, String reason, @Nullable Bytes eap) {
        step.become(call.with(live.with(live.admission().denied(reason))));
        answer(live.link(), new AuthenticationOutcome.Rejected("authentication failed", eap));
    }

    private void answer(PppLink link, AuthenticationOutcome outcome) {
        established.run(link.authenticated(outcome, now, step.moment().random()));
    }

    /**
     * The answer to an older question, for a call that is ending or for somebody who is not let in: what it leased is not
     * used.
     */
    private void staleDecision(Established call, @Nullable Live live, SessionInput.AccessDecided decided) {
        boolean inUse = live != null
                && decided.decision() instanceof AccessDecision.Granted granted
                && (live.admission().holds(granted.address())
                        || granted.address() == Forwarding.addressInJournal(call));
        if (inUse) {
            CallPrefixes.late(step, decided.decision());
            step.dropped("access decided too late");
        } else {
            SessionDecider.giveBack(step, decided);
        }
    }

    /** 0: nothing said. */
    private static long interfaceIdentifier(SubscriberProfile profile) {
        SubscriberIpv6 ipv6 = profile.ipv6();
        return ipv6 == null || ipv6.interfaceId() == null ? 0 : ipv6.interfaceId();
    }

    void leased(Established call, SessionInput.AddressLeased answer) {
        Live live = call.live();
        Admission admission = live == null ? Admission.NONE : live.admission();
        if (live == null || live.ending() != null || answer.address() != admission.wished()) {
            if (!admission.holds(answer.address()) && answer.address() != Forwarding.addressInJournal(call)) {
                SessionDecider.giveBack(step, answer);
            }
            return;
        }
        int wish = answer.address();
        if (!answer.granted() || wish == admission.leased()) {
            step.become(call.with(live.with(admission.wishing(0))));
        } else {
            releaseAllBut(wish, Forwarding.addressInJournal(call), admission.holding(0, admission.spare()));
            step.become(call.with(live.with(admission.holding(admission.leased(), wish))));
        }
        established.run(live.link()
                .addressDecided(
                        answer.address(), answer.granted(), now, step.moment().random()));
    }

    /** The address in the journal stays ours until the journal has another: a restart would go on with it. */
    void releaseAllBut(int kept, int inJournal, Admission admission) {
        for (int address : new int[] {admission.leased(), admission.spare()}) {
            if (address != 0 && address != kept && address != inJournal) {
                step.effect(new SessionEffect.ReleaseAddress(address));
            }
        }
    }
}
