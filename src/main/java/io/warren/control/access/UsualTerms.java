package io.warren.control.access;

import io.warren.config.PeerPattern;
import io.warren.config.TimeLimits;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberProfile;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What holds for those who are let in and of whom neither the users file nor an authority says it. */
public final class UsualTerms implements SubscriberAccess {
    private final SubscriberAccess access;
    private final TimeLimits times;
    private final List<Integer> dns;
    private final List<PeerDns> peers;
    private final InstantSource clock;

    /** Name servers for subscribers who come by some peers. */
    public record PeerDns(PeerPattern peers, List<Integer> dns) {
        public PeerDns {
            dns = List.copyOf(dns);
        }
    }

    /**
     * @param access decides all else
     * @param dns up to two name servers, as big-endian ints
     * @param clock to know whose time is over
     * @param peers all that there are: of several that fit the best counts, and one without servers has the usual ones
     */
    public UsualTerms(
            SubscriberAccess access, TimeLimits times, List<Integer> dns, List<PeerDns> peers, InstantSource clock) {
        this.access = access;
        this.times = times;
        this.dns = List.copyOf(dns);
        this.peers = List.copyOf(peers);
        this.clock = clock;
    }

    @Override
    public CompletionStage<AccessDecision> decide(AccessRequest request) {
        return access.decide(request).thenApply(decision -> switch (decision) {
            case AccessDecision.Granted granted ->
                isOver(granted) ? tooLate(request, granted) : completed(granted, request.call());
            case AccessDecision.Denied _, AccessDecision.Challenged _ -> decision;
        });
    }

    private boolean isOver(AccessDecision.Granted granted) {
        Instant until = granted.profile().ownTerms().until();
        return until != null && !until.isAfter(clock.instant());
    }

    /** Else he would come up, be accounted for and be ended, as often as he redials. */
    private AccessDecision tooLate(AccessRequest request, AccessDecision.Granted granted) {
        if (granted.address() != 0) {
            access.release(request.key(), granted.address());
        }
        return new AccessDecision.Denied(
                "his time is over: " + granted.profile().ownTerms().until(), false);
    }

    private AccessDecision completed(AccessDecision.Granted granted, CallDetails call) {
        SubscriberProfile profile = granted.profile();
        int session = profile.sessionTimeout();
        int idle = profile.idleTimeout();
        return new AccessDecision.Granted(
                granted.user(),
                granted.address(),
                granted.dns().isEmpty() ? dns(call) : granted.dns(),
                granted.permitted(),
                granted.limits(),
                granted.authenticatorResponse(),
                profile.within(
                        session == 0 ? (int) times.session().toSeconds() : session,
                        idle == 0 ? (int) times.idle().toSeconds() : idle),
                granted.keys(),
                granted.eap());
    }

    private List<Integer> dns(CallDetails call) {
        List<Integer> best = List.of();
        int exactness = PeerPattern.NO_FIT;
        byte[] address = call.path().remote().address().toByteArray();
        for (PeerDns peer : peers) {
            int fit = peer.peers().fit(call.peerHostName(), address);
            if (fit > exactness) {
                best = peer.dns();
                exactness = fit;
            }
        }
        return best.isEmpty() ? dns : best;
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        return access.lease(key, address);
    }

    @Override
    public void restore(SessionKey key, int address) {
        access.restore(key, address);
    }

    @Override
    public void release(SessionKey key, int address) {
        access.release(key, address);
    }

    @Override
    public void over(SessionKey key) {
        access.over(key);
    }
}
