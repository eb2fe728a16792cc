package io.warren.ppp;

import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.CcpOption;
import io.warren.wire.ppp.ConfigurationOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The options of CCP (RFC 1962 §4, RFC 3078 §2): MPPE, stateless, with one of our strengths, and nothing else. A request
 * is about what its sender is to receive; encrypted is only what both have asked for, with one strength.
 *
 * @param strengths that may be agreed upon, best first
 * @param required whether a peer that leaves the option out is told that it must not
 * @param asked what our requests name: all, of which the peer picks one (RFC 3078 §2.1; pppd rejects one that it does not
 *     have instead of naming another), then that one; empty: the peer has rejected the option
 * @param peer what the request that we acknowledged last named; null: nothing
 * @param missingNaked whether we have told a peer that left the option out
 */
record CcpNegotiation(
        List<Strength> strengths,
        boolean required,
        List<Strength> asked,
        @Nullable Strength peer,
        boolean missingNaked) implements Negotiation<CcpNegotiation> {
    static final CcpNegotiation NONE = new CcpNegotiation(List.of(), false, List.of(), null, false);

    /** @param strengths at least one */
    static CcpNegotiation of(List<Strength> strengths, boolean required) {
        return new CcpNegotiation(strengths, required, strengths, null, false);
    }

    /** What both directions have; null when they do not have one. */
    @Nullable
    Strength agreed() {
        return asked.size() == 1 && asked.getFirst() == peer ? peer : null;
    }

    @Override
    public CcpNegotiation restarted(RandomGenerator random) {
        return strengths.isEmpty() ? NONE : of(strengths, required);
    }

    @Override
    public List<ConfigurationOption> request() {
        return asked.isEmpty() ? List.of() : List.of(option(asked));
    }

    @Override
    public Verdict<CcpNegotiation> judge(List<ConfigurationOption> options, RandomGenerator random) {
        List<ConfigurationOption> rejects = new ArrayList<>();
        boolean named = false;
        Strength wanted = null;
        for (ConfigurationOption option : options) {
            if (option.type() != CcpOption.MPPE || strengths.isEmpty()) {
                rejects.add(option);
                continue;
            }
            // Twice is once too often: then none of them can be acknowledged.
            wanted = named ? null : exactly(CcpOption.of(option));
            named = true;
        }
        if (!rejects.isEmpty()) {
            return new Verdict.Reject<>(this, List.copyOf(rejects));
        }
        if (!named) {
            return missingNaked || strengths.isEmpty()
                    ? new Verdict.Ack<>(new CcpNegotiation(strengths, required, asked, null, missingNaked))
                    : nak(strengths.getFirst(), true);
        }
        // Both ends have one strength: the other direction follows what the peer was allowed.
        return wanted != null
                ? new Verdict.Ack<>(new CcpNegotiation(strengths, required, asked, wanted, missingNaked))
                : nak(best(options), missingNaked);
    }

    /** The strength that alone is asked for, if it is one of ours. */
    private @Nullable Strength exactly(CcpOption option) {
        for (Strength strength : strengths) {
            if (option instanceof CcpOption.Mppe(long supported)
                    && supported == (CcpOption.STATELESS | strength.supportedBit())) {
                return strength;
            }
        }
        return null;
    }

    /** The best of ours that the peer names, else our best. */
    private Strength best(List<ConfigurationOption> options) {
        for (Strength strength : strengths) {
            for (ConfigurationOption option : options) {
                if (CcpOption.of(option) instanceof CcpOption.Mppe(long supported)
                        && (supported & strength.supportedBit()) != 0) {
                    return strength;
                }
            }
        }
        return strengths.getFirst();
    }

    private Verdict<CcpNegotiation> nak(Strength strength, boolean missing) {
        return new Verdict.Nak<>(
                new CcpNegotiation(strengths, required, asked, null, missing), List.of(option(List.of(strength))));
    }

    /** A peer may want another strength than the one that we asked for first, if it is one of ours. */
    @Override
    public CcpNegotiation naked(List<ConfigurationOption> options, RandomGenerator random) {
        for (ConfigurationOption option : options) {
            if (CcpOption.of(option) instanceof CcpOption.Mppe(long supported)) {
                for (Strength strength : strengths) {
                    if ((supported & strength.supportedBit()) != 0) {
                        return asking(List.of(strength));
                    }
                }
            }
        }
        return this;
    }

    @Override
    public CcpNegotiation rejected(List<ConfigurationOption> options) {
        return options.stream().anyMatch(option -> option.type() == CcpOption.MPPE) ? asking(List.of()) : this;
    }

    @Override
    public @Nullable Ending failure() {
        return required && !strengths.isEmpty() && asked.isEmpty()
                ? Ending.ofMppe("peer refuses MPPE, which is required")
                : null;
    }

    private CcpNegotiation asking(List<Strength> some) {
        return new CcpNegotiation(strengths, required, some, peer, missingNaked);
    }

    private static ConfigurationOption option(List<Strength> some) {
        long bits = CcpOption.STATELESS;
        for (Strength strength : some) {
            bits |= strength.supportedBit();
        }
        return new CcpOption.Mppe(bits).encode();
    }
}
