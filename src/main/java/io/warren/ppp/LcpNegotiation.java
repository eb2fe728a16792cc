package io.warren.ppp;

import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.LcpOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The options of LCP (RFC 1661 §6). We ask for an MRU when ours is not the default, for authentication, and for a magic
 * number; we let the peer have its MRU, ACCM, PFC and ACFC.
 *
 * @param methods that we may ask the peer to use, best first
 * @param accepted methods by which we let the peer authenticate us
 */
record LcpNegotiation(
        List<AuthenticationMethod> methods,
        Set<AuthenticationMethod> accepted,
        int mru,
        Local local,
        Peer peer,
        int loops)
        implements Negotiation<LcpNegotiation> {
    static final int DEFAULT_MRU = 1500;

    /** Below this no useful packet fits; peers ask for 0 or 1 by mistake. */
    static final int LEAST_MRU = 128;

    /** How often our own magic number may come back before the line counts as looped. */
    private static final int LOOP_LIMIT = 2;

    /**
     * What we ask for.
     *
     * @param mru 0 when we do not ask
     * @param magic 0 when we do not ask
     * @param method asked for now, null for none
     * @param refused methods that the peer did not want
     */
    record Local(
            int mru,
            long magic,
            @Nullable AuthenticationMethod method,
            Set<AuthenticationMethod> refused,
            @Nullable Ending failure) {
        Local withMru(int other) {
            return new Local(other, magic, method, refused, failure);
        }

        Local withMagic(long other) {
            return new Local(mru, other, method, refused, failure);
        }

        Local withMethod(AuthenticationMethod other, Set<AuthenticationMethod> notWanted) {
            return new Local(mru, magic, other, notWanted, failure);
        }

        Local failed(LinkEnd cause, String reason) {
            return new Local(mru, magic, method, refused, new Ending(cause, reason));
        }
    }

    /**
     * What the peer asked for in the request that we judged last.
     *
     * @param method by which it wants us to authenticate, null for none
     */
    record Peer(
            int mru,
            long magic,
            boolean acfc,
            boolean pfc,
            @Nullable AuthenticationMethod method) {
        static final Peer DEFAULT = new Peer(DEFAULT_MRU, 0, false, false, null);
    }

    static LcpNegotiation of(LinkSettings settings, @Nullable ClientIdentity identity) {
        Set<AuthenticationMethod> accepted = identity == null ? Set.of() : Set.copyOf(identity.accepted());
        Local nothing = new Local(0, 0, null, Set.of(), null);
        return new LcpNegotiation(
                List.copyOf(settings.authentication()), accepted, settings.mru(), nothing, Peer.DEFAULT, 0);
    }

    /** As it was agreed before a restart. */
    LcpNegotiation resumed(LinkParameters parameters) {
        Local agreed = new Local(mru == DEFAULT_MRU ? 0 : mru, parameters.localMagic(), null, Set.of(), null);
        Peer wished = new Peer(
                parameters.peerMru(), parameters.peerMagic(), parameters.peerAcfc(), parameters.peerPfc(), null);
        return new LcpNegotiation(methods, accepted, mru, agreed, wished, 0);
    }

    /** As somebody else asked for it in our stead. */
    LcpNegotiation proxied(Local asked) {
        return with(asked);
    }

    @Override
    public LcpNegotiation restarted(RandomGenerator random) {
        AuthenticationMethod first = methods.isEmpty() ? null : methods.getFirst();
        Local fresh = new Local(
                mru == DEFAULT_MRU ? 0 : mru, Turn.magic(random, local.magic), first, Set.of(), local.failure);
        return new LcpNegotiation(methods, accepted, mru, fresh, Peer.DEFAULT, 0);
    }

    @Override
    public List<ConfigurationOption> request() {
        List<LcpOption> options = new ArrayList<>();
        if (local.mru != 0) {
            options.add(new LcpOption.Mru(local.mru));
        }
        if (local.method != null) {
            options.add(AuthenticationOption.of(local.method));
        }
        if (local.magic != 0) {
            options.add(new LcpOption.MagicNumber(local.magic));
        }
        return options.stream().map(LcpOption::encode).toList();
    }

    @Override
    public Verdict<LcpNegotiation> judge(List<ConfigurationOption> options, RandomGenerator random) {
        List<ConfigurationOption> rejects = new ArrayList<>();
        List<LcpOption> naks = new ArrayList<>();
        Peer wished = Peer.DEFAULT;
        boolean looped = false;
        for (ConfigurationOption option : options) {
            switch (LcpOption.of(option)) {
                case LcpOption.Mru(int octets) -> {
                    if (octets < LEAST_MRU) {
                        naks.add(new LcpOption.Mru(LEAST_MRU));
                    }
                    wished = new Peer(octets, wished.magic, wished.acfc, wished.pfc, wished.method);
                }
                case LcpOption.MagicNumber(long number) -> {
                    looped |= number != 0 && number == local.magic;
                    if (number == 0 || number == local.magic) {
                        naks.add(new LcpOption.MagicNumber(Turn.magic(random, local.magic)));
                    }
                    wished = new Peer(wished.mru, number, wished.acfc, wished.pfc, wished.method);
                }
                case LcpOption.Authentication asked -> {
                    AuthenticationMethod method = AuthenticationOption.methodOf(asked);
                    if (accepted.isEmpty()) {
                        rejects.add(option);
                    } else if (method == null || !accepted.contains(method)) {
                        naks.add(AuthenticationOption.of(AuthenticationOption.best(accepted)));
                    }
                    wished = new Peer(wished.mru, wished.magic, wished.acfc, wished.pfc, method);
                }
                case LcpOption.Acfc() -> wished = new Peer(wished.mru, wished.magic, true, wished.pfc, wished.method);
                case LcpOption.Pfc() -> wished = new Peer(wished.mru, wished.magic, wished.acfc, true, wished.method);
                case LcpOption.Accm _ -> {}
                case LcpOption.Other(ConfigurationOption other) -> {
                    switch (other.type()) {
                        case LcpOption.MRU -> naks.add(new LcpOption.Mru(DEFAULT_MRU));
                        case LcpOption.MAGIC_NUMBER ->
                            naks.add(new LcpOption.MagicNumber(Turn.magic(random, local.magic)));
                        default -> rejects.add(option);
                    }
                }
            }
        }
        return verdict(wished, looped, rejects, naks);
    }

    /** Rejects go out alone, before any Nak (RFC 1661 §5.4). */
    private Verdict<LcpNegotiation> verdict(
            Peer wished, boolean looped, List<ConfigurationOption> rejects, List<LcpOption> naks) {
        LcpNegotiation next = new LcpNegotiation(methods, accepted, mru, local, wished, looped ? loops + 1 : 0);
        if (next.loops >= LOOP_LIMIT) {
            return new Verdict.Nak<>(
                    next.with(local.failed(LinkEnd.LOOPED_BACK, "our own magic number came back")), List.of());
        }
        if (!rejects.isEmpty()) {
            return new Verdict.Reject<>(next, rejects);
        }
        if (!naks.isEmpty()) {
            return new Verdict.Nak<>(next, naks.stream().map(LcpOption::encode).toList());
        }
        return new Verdict.Ack<>(next);
    }

    @Override
    public LcpNegotiation naked(List<ConfigurationOption> options, RandomGenerator random) {
        Local now = local;
        for (ConfigurationOption option : options) {
            switch (LcpOption.of(option)) {
                case LcpOption.Mru(int octets) -> {
                    if (now.mru != 0 && octets >= LEAST_MRU && octets < now.mru) {
                        now = now.withMru(octets);
                    }
                }
                case LcpOption.MagicNumber _ -> {
                    if (now.magic != 0) {
                        now = now.withMagic(Turn.magic(random, now.magic));
                    }
                }
                case LcpOption.Authentication wanted -> now = otherMethod(now, AuthenticationOption.methodOf(wanted));
                case LcpOption.Acfc _, LcpOption.Pfc _, LcpOption.Accm _, LcpOption.Other _ -> {}
            }
        }
        return with(now);
    }

    /** The peer's choice if we permit it, else our next that it has not refused yet. */
    private Local otherMethod(Local now, @Nullable AuthenticationMethod wanted) {
        if (now.method == null || now.method == wanted) {
            return now;
        }
        Set<AuthenticationMethod> refused = new java.util.HashSet<>(now.refused);
        refused.add(now.method);
        List<AuthenticationMethod> left =
                methods.stream().filter(m -> !refused.contains(m)).toList();
        if (left.isEmpty()) {
            return now.failed(LinkEnd.NEGOTIATION_FAILED, "peer takes none of our authentication methods " + methods);
        }
        AuthenticationMethod next =
                wanted != null && left.contains(wanted) ? wanted : Objects.requireNonNull(left.getFirst());
        return now.withMethod(next, Set.copyOf(refused));
    }

    @Override
    public LcpNegotiation rejected(List<ConfigurationOption> options) {
        Local now = local;
        for (ConfigurationOption option : options) {
            now = switch (option.type()) {
                case LcpOption.MRU -> now.withMru(0);
                case LcpOption.MAGIC_NUMBER -> now.withMagic(0);
                case LcpOption.AUTHENTICATION ->
                    now.failed(LinkEnd.NEGOTIATION_FAILED, "peer refuses to authenticate itself");
                default -> now;
            };
        }
        return with(now);
    }

    @Override
    public @Nullable Ending failure() {
        return local.failure;
    }

    /** What was agreed, together with IPCP, and IPv6CP if that is open. */
    LinkParameters with(IpcpNegotiation network, boolean withoutIpv4, @Nullable Ipv6Parameters ipv6) {
        return new LinkParameters(
                local.magic,
                peer.magic,
                localMru(),
                peer.mru,
                peer.acfc,
                peer.pfc,
                network.local().address(),
                withoutIpv4 && network.server()
                        ? network.assigned()
                        : network.peer().address(),
                network.agreedDns(),
                withoutIpv4,
                ipv6);
    }

    /** The largest information field that we take, as agreed. */
    private int localMru() {
        return local.mru == 0 ? DEFAULT_MRU : local.mru;
    }

    private LcpNegotiation with(Local other) {
        return new LcpNegotiation(methods, accepted, mru, other, peer, loops);
    }
}
