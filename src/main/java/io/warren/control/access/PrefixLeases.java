package io.warren.control.access;

import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.PrefixPlan.Kind;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberIpv6;
import io.warren.control.port.SubscriberPrefixes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives who is let in prefixes as well: those that are his own, else one for the link and one to be delegated, out of
 * the pools that his profile names, else the default ones. Where none is left, the call goes on without.
 */
public final class PrefixLeases implements SubscriberAccess {
    private static final Logger LOG = LoggerFactory.getLogger(PrefixLeases.class);

    /** Prefixes of each kind that one subscriber can have: a Router Advertisement of 1,280 octets has room for no more. */
    private static final int MOST = 16;

    private final SubscriberAccess access;
    private final Addresses addresses;
    private final PrefixPlan plan;

    /**
     * @param access decides all else
     * @param addresses where the numbers of the prefixes come from
     */
    public PrefixLeases(SubscriberAccess access, Addresses addresses, PrefixPlan plan) {
        this.access = access;
        this.addresses = addresses;
        this.plan = plan;
    }

    @Override
    public CompletionStage<AccessDecision> decide(AccessRequest request) {
        return access.decide(request).thenCompose(decision -> switch (decision) {
            case AccessDecision.Granted granted ->
                granted.profile().ownTerms().withoutIpv6()
                        ? CompletableFuture.completedFuture(granted)
                        : withPrefixes(request.key(), granted);
            case AccessDecision.Denied _, AccessDecision.Challenged _ -> CompletableFuture.completedFuture(decision);
        });
    }

    private CompletionStage<AccessDecision> withPrefixes(SessionKey key, AccessDecision.Granted granted) {
        SubscriberIpv6 said = Objects.requireNonNullElse(granted.profile().ipv6(), SubscriberIpv6.NONE);
        CompletionStage<List<Ipv6Prefix>> framed =
                prefixes(Kind.FRAMED, key, granted.user(), said.prefixes(), said.pool());
        CompletionStage<List<Ipv6Prefix>> delegated =
                prefixes(Kind.DELEGATED, key, granted.user(), said.delegated(), said.delegatedPool());
        return framed.thenCombine(
                delegated, (links, networks) -> SubscriberPrefixes.given(granted, said.with(links, networks)));
    }

    private CompletionStage<List<Ipv6Prefix>> prefixes(
            Kind kind,
            SessionKey key,
            String user,
            List<Ipv6Prefix> own,
            @org.jspecify.annotations.Nullable String pool) {
        if (own.isEmpty()) {
            String name = kind.pool(pool == null ? AddressPools.DEFAULT : pool);
            return plan.pools().containsKey(name)
                    ? addresses.leaseAny(name, key, rememberedAs(kind, user)).thenApply(this::prefix)
                    : CompletableFuture.completedFuture(List.of());
        }
        CompletionStage<List<Ipv6Prefix>> leased = CompletableFuture.completedFuture(List.of());
        for (Ipv6Prefix one : own.stream().distinct().limit(MOST).toList()) {
            leased = leased.thenCombine(lease(kind, key, user, one), PrefixLeases::and);
        }
        if (own.size() > MOST) {
            LOG.warn("user {}: {} prefixes, the first {} are used", user, own.size(), MOST);
        }
        return leased;
    }

    private CompletionStage<Optional<Ipv6Prefix>> lease(Kind kind, SessionKey key, String user, Ipv6Prefix own) {
        if (!SubscriberPrefixes.isUsable(kind, own)) {
            LOG.warn("user {}: prefix {} cannot be used, IPv6 goes on without it: {}", user, own, kind.lengths());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return addresses.lease(key, SubscriberPrefixes.index(kind, own)).thenApply(granted -> {
            if (!granted) {
                LOG.warn("user {}: another call has prefix {}", user, own);
            }
            return granted ? Optional.of(own) : Optional.empty();
        });
    }

    private static List<Ipv6Prefix> and(List<Ipv6Prefix> some, Optional<Ipv6Prefix> one) {
        return Stream.concat(some.stream(), one.stream()).toList();
    }

    private List<Ipv6Prefix> prefix(OptionalInt index) {
        Ipv6Range prefix = index.isPresent() ? plan.prefix(index.getAsInt()) : null;
        return prefix == null ? List.of() : List.of(new Ipv6Prefix(prefix.high(), 0, prefix.length()));
    }

    /** A user has a last address and last prefixes, each of its own. */
    private static String rememberedAs(Kind kind, String user) {
        return user.isEmpty() ? "" : user + '\0' + kind;
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        // What a peer may wish is an address; the numbers of prefixes are none.
        return PrefixPlan.isIndex(address) ? CompletableFuture.completedFuture(false) : access.lease(key, address);
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
