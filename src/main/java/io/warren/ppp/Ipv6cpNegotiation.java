package io.warren.ppp;

import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.Ipv6cpOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The options of IPv6CP (RFC 5072 §4.1): an interface identifier for each end, unique on the link. 0 stands for none.
 *
 * @param local our identifier
 * @param asks whether we name it in our requests; not any more once the peer has rejected the option
 * @param assigned what the peer's identifier has to be; 0: it chooses
 * @param peer the peer's identifier in the request that we judged last
 * @param suggested what we have suggested to the peer last
 * @param missingNaked whether we have suggested the option to a peer that left it out
 */
record Ipv6cpNegotiation(long local, boolean asks, long assigned, long peer, long suggested, boolean missingNaked)
        implements Negotiation<Ipv6cpNegotiation> {
    /** The "u" bit: an identifier that is not globally unique has it clear (RFC 5072 §4.1). */
    private static final long UNIVERSAL = 1L << 57;

    static final Ipv6cpNegotiation NONE = new Ipv6cpNegotiation(0, true, 0, 0, 0, false);

    /** As it was agreed before a restart. */
    static Ipv6cpNegotiation resumed(Ipv6Parameters agreed) {
        return new Ipv6cpNegotiation(agreed.localIdentifier(), true, 0, agreed.peerIdentifier(), 0, false);
    }

    /** Of a link that goes on and had none; the identifier comes from what only this link has. */
    static Ipv6cpNegotiation late(LinkParameters link) {
        return NONE.restarted(new SplittableRandom(link.localMagic() << 32 | link.peerMagic()));
    }

    /** The same, with what the peer's identifier has to be. */
    Ipv6cpNegotiation assigning(long identifier) {
        return new Ipv6cpNegotiation(local == identifier ? 0 : local, asks, identifier, peer, suggested, missingNaked);
    }

    Ipv6Parameters agreed() {
        return new Ipv6Parameters(local, peer);
    }

    @Override
    public Ipv6cpNegotiation restarted(RandomGenerator random) {
        long ours = local == 0 ? identifier(random, assigned) : local;
        return new Ipv6cpNegotiation(ours, true, assigned, 0, 0, false);
    }

    @Override
    public List<ConfigurationOption> request() {
        return asks ? List.of(option(local)) : List.of();
    }

    @Override
    public Verdict<Ipv6cpNegotiation> judge(List<ConfigurationOption> options, RandomGenerator random) {
        List<ConfigurationOption> rejects = new ArrayList<>();
        boolean named = false;
        long wanted = 0;
        for (ConfigurationOption option : options) {
            switch (Ipv6cpOption.of(option)) {
                case Ipv6cpOption.InterfaceIdentifier(long identifier) -> {
                    named = true;
                    wanted = identifier;
                }
                case Ipv6cpOption.Other _ -> {
                    if (option.type() == Ipv6cpOption.INTERFACE_IDENTIFIER) {
                        named = true; // of a wrong length, which a Nak corrects
                    } else {
                        rejects.add(option);
                    }
                }
            }
        }
        if (!rejects.isEmpty()) {
            return new Verdict.Reject<>(this, List.copyOf(rejects));
        }
        if (named) {
            return isFit(wanted) ? new Verdict.Ack<>(withPeer(wanted)) : nak(random, missingNaked);
        }
        // A peer that leaves it out is told once; then it has the assigned one, or none that we know.
        return missingNaked ? new Verdict.Ack<>(withPeer(assigned)) : nak(random, true);
    }

    private boolean isFit(long identifier) {
        return identifier != 0 && identifier != local && (assigned == 0 || identifier == assigned);
    }

    private Verdict<Ipv6cpNegotiation> nak(RandomGenerator random, boolean missing) {
        long suggestion = assigned != 0 ? assigned : identifier(random, local);
        return new Verdict.Nak<>(
                new Ipv6cpNegotiation(local, asks, assigned, peer, suggestion, missing), List.of(option(suggestion)));
    }

    /** Takes what the peer suggests, unless both ends drew the same: then a new one is drawn (RFC 5072 §4.1). */
    @Override
    public Ipv6cpNegotiation naked(List<ConfigurationOption> options, RandomGenerator random) {
        long ours = local;
        for (ConfigurationOption option : options) {
            if (Ipv6cpOption.of(option) instanceof Ipv6cpOption.InterfaceIdentifier(long offered)) {
                boolean taken = offered == 0 || offered == suggested || offered == peer || offered == assigned;
                ours = taken ? identifier(random, peer) : offered;
            }
        }
        return new Ipv6cpNegotiation(ours, asks, assigned, peer, suggested, missingNaked);
    }

    @Override
    public Ipv6cpNegotiation rejected(List<ConfigurationOption> options) {
        boolean identifier = options.stream().anyMatch(o -> o.type() == Ipv6cpOption.INTERFACE_IDENTIFIER);
        return new Ipv6cpNegotiation(local, asks && !identifier, assigned, peer, suggested, missingNaked);
    }

    @Override
    public @Nullable Ending failure() {
        return null;
    }

    private Ipv6cpNegotiation withPeer(long identifier) {
        return new Ipv6cpNegotiation(local, asks, assigned, identifier, suggested, missingNaked);
    }

    private static ConfigurationOption option(long identifier) {
        return new Ipv6cpOption.InterfaceIdentifier(identifier).encode();
    }

    private static long identifier(RandomGenerator random, long other) {
        long identifier;
        do {
            identifier = random.nextLong() & ~UNIVERSAL;
        } while (identifier == 0 || identifier == other);
        return identifier;
    }
}
