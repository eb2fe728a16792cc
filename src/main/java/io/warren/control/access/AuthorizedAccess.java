package io.warren.control.access;

import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAuthority;
import io.warren.control.port.SubscriberAuthority.Verdict;
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
        return place == UsersFilePlace.BEFORE
                        && local.names(request.credentials().user())
                ? local.decide(request)
                : authority.ask(request).thenCompose(verdict -> decide(request, verdict));
    }

    private CompletionStage<AccessDecision> decide(AccessRequest request, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted accepted -> local.grant(request.key(), accepted);
            case Verdict.Rejected(String reason) -> denied(reason, false);
            case Verdict.Unavailable(String reason) ->
                place == UsersFilePlace.BEHIND
                                && local.knows(request.credentials().user())
                        ? local.decide(request)
                        : denied(reason, true);
        };
    }

    private static CompletionStage<AccessDecision> denied(String reason, boolean busy) {
        return CompletableFuture.completedFuture(new AccessDecision.Denied(reason, busy));
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
