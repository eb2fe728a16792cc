package io.warren.control.access;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAuthority;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides by an authority, with the users file in front of it, behind it, or not at all. Addresses come from here. */
public final class AuthorizedAccess implements SubscriberAccess {
    private final LocalAccess local;
    private final SubscriberAuthority authority;
    private final UsersFilePlace place;

    /** What the users file is for. */
    public enum UsersFilePlace {
        /** Whom it names the authority is not asked about. */
        BEFORE,
        /** It is asked when the authority cannot be. */
        BEHIND,
        NOWHERE
    }

    public AuthorizedAccess(LocalAccess local, SubscriberAuthority authority, UsersFilePlace place) {
        this.local = local;
        this.authority = authority;
        this.place = place;
    }

    @Override
    public CompletionStage<AccessDecision> decide(AccessRequest request) {
        EapRound round = request.credentials() instanceof Credentials.Eap eap ? eap.round() : null;
        boolean here = round == null
                ? place == UsersFilePlace.BEFORE
                        && local.names(request.credentials().user())
                : round.server() == null;
        return here
                ? local.decide(request)
                : authority.ask(request).thenCompose(verdict -> decide(request, verdict, round == null));
    }

    /** @param first whether somebody else may be asked: who has put one EAP Request has to put the next */
    private CompletionStage<AccessDecision> decide(AccessRequest request, Verdict verdict, boolean first) {
        return switch (verdict) {
            case Verdict.Accepted accepted -> local.grant(request, accepted);
            case Verdict.Challenged(Bytes eap, EapRound round, Duration repeatAfter) ->
                CompletableFuture.completedFuture(new AccessDecision.Challenged(eap, round, repeatAfter));
            case Verdict.Rejected(String reason, Bytes eap) ->
                CompletableFuture.completedFuture(new AccessDecision.Denied(reason, false, eap));
            case Verdict.Unavailable(String reason) ->
                first
                                && place == UsersFilePlace.BEHIND
                                && local.knows(request.credentials().user())
                        ? local.decide(request)
                        : CompletableFuture.completedFuture(new AccessDecision.Denied(reason, true));
        };
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        return local.lease(key, address);
    }

    @Override
    public void restore(SessionKey key, int address) {
        local.restore(key, address);
    }

    @Override
    public void release(SessionKey key, int address) {
        local.release(key, address);
    }

    @Override
    public void over(SessionKey key) {
        local.over(key);
    }
}
