package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.config.RateLimits;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.MppeKeys;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAuthority.Rates;
import io.warren.control.port.SubscriberAuthority.Verdict;
import io.warren.control.port.TrafficLimits;
import io.warren.ppp.ChapMd5;
import io.warren.ppp.Credentials;
import io.warren.ppp.MsChapV2;
import io.warren.ppp.Pap;
import io.warren.wire.mppe.MasterKeys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides from the users file and the pools: at once, when they answer at once. */
public final class LocalAccess implements SubscriberAccess {
    /** Checked for a user who does not exist, so that he takes as long as one who does. */
    private static final byte[] NOBODYS_SECRET = "nobody has this secret".getBytes(StandardCharsets.US_ASCII);

    private final UsersFile users;
    private final Addresses addresses;
    private final Map<String, List<Cidr>> pools;
    private final List<Integer> dns;
    private final List<String> poolRanges;
    private final RateLimits usualLimits;
    private final Logins logins;
    private final SecureRandom random = new SecureRandom();

    /** Without limits but those in the users file. */
    public LocalAccess(UsersFile users, AddressPools pools, List<Integer> dns) {
        this(users, pools, dns, RateLimits.NONE);
    }

    /**
     * @param dns up to two name servers, as big-endian ints
     * @param usualLimits for what a user's entry says nothing about
     */
    public LocalAccess(UsersFile users, AddressPools pools, List<Integer> dns, RateLimits usualLimits) {
        this(users, pools, pools.addresses(), dns, usualLimits, Logins.UNLIMITED);
    }

    /**
     * @param addresses those of the pools
     * @param dns up to two name servers, as big-endian ints
     * @param usualLimits for what a user's entry says nothing about
     * @param logins how many calls a user may have
     */
    public LocalAccess(
            UsersFile users,
            AddressPools pools,
            Addresses addresses,
            List<Integer> dns,
            RateLimits usualLimits,
            Logins logins) {
        this(users, addresses, pools.rangesByPool(), dns, usualLimits, logins);
    }

    /**
     * @param addresses where they come from
     * @param pools ranges by the pool's name
     * @param dns up to two name servers, as big-endian ints
     * @param usualLimits for what a user's entry says nothing about
     * @param logins how many calls a user may have
     */
    public LocalAccess(
            UsersFile users,
            Addresses addresses,
            Map<String, List<Cidr>> pools,
            List<Integer> dns,
            RateLimits usualLimits,
            Logins logins) {
        this.users = users;
        this.addresses = addresses;
        this.pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        this.dns = List.copyOf(dns);
        this.usualLimits = usualLimits;
        this.logins = logins;
        this.poolRanges = text(ranges());
    }

    @Override
    public CompletionStage<AccessDecision> decide(AccessRequest request) {
        if (!(request.credentials() instanceof Credentials.Eap eap)) {
            return decide(request, request.credentials());
        }
        return switch (LocalEap.next(eap, users.server(), random)) {
            case LocalEap.Step.Ask(AccessDecision.Challenged challenge) -> CompletableFuture.completedFuture(challenge);
            case LocalEap.Step.Verify(Credentials.ChapMd5 shown) -> decide(request, shown);
            case LocalEap.Step.Refuse(String reason) ->
                CompletableFuture.completedFuture(new AccessDecision.Denied(reason, false));
        };
    }

    private CompletionStage<AccessDecision> decide(AccessRequest request, Credentials credentials) {
        User user = users.find(credentials.user());
        byte[] secret = user == null ? NOBODYS_SECRET : user.secret().toByteArray();
        Proof proof = verify(credentials, secret);
        if (user == null) {
            return CompletableFuture.completedFuture(new AccessDecision.Denied("unknown user", false));
        }
        if (!proof.right()) {
            return CompletableFuture.completedFuture(new AccessDecision.Denied("wrong password", false));
        }
        String name = credentials.user();
        return ifOneMore(
                request,
                name,
                user.calls(),
                () -> address(request.key(), name, user).thenApply(address -> admit(name, user, address, proof)));
    }

    /** Whether the users file has a line for him, and not just one for anybody. */
    boolean names(String user) {
        return users.names(user);
    }

    /** Whether the users file has a line that is for him, too. */
    boolean knows(String user) {
        return users.find(user) != null;
    }

    /** Lets somebody in whom somebody else has found right: with an address, and the usual for what is not said. */
    CompletionStage<AccessDecision> grant(AccessRequest request, Verdict.Accepted accepted) {
        return ifOneMore(request, accepted.user(), accepted.calls(), () -> grant(request.key(), accepted));
    }

    /** Asked before the call has an address: a call that has to go for it may have it now. */
    private CompletionStage<AccessDecision> ifOneMore(
            AccessRequest request, String user, int calls, Supplier<CompletionStage<AccessDecision>> grant) {
        if (!logins.limits(calls)) {
            return grant.get();
        }
        return logins.claim(request.call(), user, calls).thenCompose(answer -> switch (answer) {
            case Logins.Answer.Admitted() -> grant.get();
            case Logins.Answer.Refused(String reason) ->
                CompletableFuture.completedFuture(new AccessDecision.Denied(reason, false));
            case Logins.Answer.Unknown(String reason) ->
                CompletableFuture.completedFuture(new AccessDecision.Denied(reason, true));
        });
    }

    private CompletionStage<AccessDecision> grant(SessionKey key, Verdict.Accepted accepted) {
        if (accepted.address() != 0) {
            return addresses
                    .lease(key, accepted.address())
                    .thenApply(leased -> leased
                            ? granted(accepted, accepted.address())
                            : new AccessDecision.Denied("the user's address is in use", true));
        }
        String pool = accepted.pool() == null ? AddressPools.DEFAULT : accepted.pool();
        return addresses
                .leaseAny(pool, key, accepted.user())
                .thenApply(leased -> leased.isPresent()
                        ? granted(accepted, leased.getAsInt())
                        : new AccessDecision.Denied("no free address in pool " + pool, true));
    }

    private AccessDecision granted(Verdict.Accepted accepted, int address) {
        TrafficLimits usual = TrafficLimits.of(usualLimits);
        Rates rates = accepted.rates();
        return new AccessDecision.Granted(
                accepted.user(),
                address,
                accepted.dns().isEmpty() ? dns : accepted.dns(),
                accepted.mayWish() ? poolRanges : List.of(),
                rates == null ? usual : rates.in(usual),
                accepted.authenticatorResponse(),
                accepted.profile(),
                accepted.keys(),
                accepted.eap());
    }

    @Override
    public CompletionStage<Boolean> lease(SessionKey key, int address) {
        return addresses.lease(key, address);
    }

    @Override
    public void restore(SessionKey key, int address) {
        addresses.restore(key, address);
    }

    @Override
    public void release(SessionKey key, int address) {
        addresses.release(key, address);
    }

    @Override
    public void over(SessionKey key) {
        logins.over(key);
        addresses.over(key);
    }

    private CompletionStage<OptionalInt> address(SessionKey key, String name, User user) {
        return switch (user.addresses()) {
            case POOL -> addresses.leaseAny(AddressPools.DEFAULT, key, name);
            case ANY -> anyOf(key, name, user);
            case LISTED -> addresses.leaseWithin(user.ranges(), key, name);
            case NONE -> CompletableFuture.completedFuture(OptionalInt.empty());
        };
    }

    private AccessDecision admit(String name, User user, OptionalInt address, Proof proof) {
        if (address.isEmpty()) {
            return switch (user.addresses()) {
                case POOL, ANY -> new AccessDecision.Denied("no free address in pool " + AddressPools.DEFAULT, true);
                case LISTED -> new AccessDecision.Denied("the user's addresses are in use", true);
                case NONE -> new AccessDecision.Denied("the user may not have an address", false);
            };
        }
        UserTerms terms = UserTerms.of(user.limitWords());
        return new AccessDecision.Granted(
                name,
                address.getAsInt(),
                terms.dns().isEmpty() ? dns : terms.dns(),
                wishes(user),
                TrafficLimits.of(user.limits(usualLimits)),
                proof.authenticatorResponse(),
                terms.profile(user.filters()),
                proof.keys());
    }

    /** From the default pool, around the user's exceptions if he has any. */
    private CompletionStage<OptionalInt> anyOf(SessionKey key, String name, User user) {
        return user.hasExceptions()
                ? addresses.leaseWithin(user.within(pools.getOrDefault(AddressPools.DEFAULT, List.of())), key, name)
                : addresses.leaseAny(AddressPools.DEFAULT, key, name);
    }

    private List<Cidr> ranges() {
        return pools.values().stream().flatMap(List::stream).toList();
    }

    /** Where the peer may choose an address of its own. */
    private List<String> wishes(User user) {
        return switch (user.addresses()) {
            case POOL, NONE -> List.of();
            case ANY -> user.hasExceptions() ? text(user.within(ranges())) : poolRanges;
            case LISTED -> text(user.ranges());
        };
    }

    private static List<String> text(List<Cidr> ranges) {
        return ranges.stream().map(Cidr::toString).toList();
    }

    /** @param authenticatorResponse, keys for MS-CHAPv2, when right */
    private record Proof(
            boolean right,
            @Nullable String authenticatorResponse,
            @Nullable MppeKeys keys) {}

    private static Proof verify(Credentials credentials, byte[] secret) {
        return switch (credentials) {
            case Credentials.Pap pap -> new Proof(Pap.matches(pap, secret), null, null);
            case Credentials.ChapMd5 chap -> new Proof(ChapMd5.matches(chap, secret), null, null);
            case Credentials.MsChapV2 chap -> {
                String response = MsChapV2.verify(chap, secret);
                yield new Proof(response != null, response, response == null ? null : keys(chap, secret));
            }
            case Credentials.Eap _ -> new Proof(false, null, null); // What it shows was taken out of it before.
        };
    }

    private static MppeKeys keys(Credentials.MsChapV2 chap, byte[] secret) {
        MasterKeys keys = MsChapV2.keys(chap, secret);
        return new MppeKeys(keys.send(), keys.receive(), 0, 0);
    }
}
