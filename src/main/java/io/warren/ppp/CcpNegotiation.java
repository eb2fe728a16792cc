package io.warren.ppp;

import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.CcpOption;
import io.warren.wire.ppp.ConfigurationOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The options of CCP (RFC 1962 §4): MPPE (RFC 3078 §2), stateless, with one of our strengths, or Deflate. A request is
 * about what its sender is to receive; encrypted is only what both have asked for, with one strength, while each direction
 * is compressed or not by itself. MPPE goes first where we want it, or the peer asks for it: both at once there cannot be.
 *
 * @param strengths that may be agreed upon, best first
 * @param required whether a peer that leaves MPPE out is told that it must not
 * @param preferred whether we ask for MPPE and not for Deflate
 * @param asked what our requests for MPPE name: all, of which the peer picks one (RFC 3078 §2.1; pppd rejects one that it
 *     does not have instead of naming another), then that one; empty: the peer has rejected the option
 * @param peer what the request that we acknowledged last named; null: no MPPE
 * @param missingNaked whether we have told a peer that left MPPE out
 * @param elsewhere whether what the peer acknowledged of ours last was not MPPE
 */
record CcpNegotiation(
        List<Strength> strengths,
        boolean required,
        boolean preferred,
        List<Strength> asked,
        @Nullable Strength peer,
        boolean missingNaked,
        boolean elsewhere,
        DeflateNegotiation deflate)
        implements Negotiation<CcpNegotiation> {
    /** Without MPPE. */
    static CcpNegotiation of(DeflatePolicy deflate) {
        return new CcpNegotiation(
                List.of(), false, false, List.of(), null, false, false, DeflateNegotiation.of(deflate));
    }

    /** Without Deflate. */
    static CcpNegotiation of(List<Strength> strengths, boolean required) {
        return of(DeflatePolicy.OFF).withMppe(strengths, required, true);
    }

    CcpNegotiation withMppe(List<Strength> some, boolean mustBe, boolean first) {
        return new CcpNegotiation(some, mustBe, mustBe || first, some, null, false, false, deflate);
    }

    /** What both directions have; null when they do not have one. */
    @Nullable
    Strength agreed() {
        return !elsewhere && asked.size() == 1 && asked.getFirst() == peer ? peer : null;
    }

    /** Whether the peer wants to receive what is encrypted, while we asked for something else. */
    boolean isAtCrossPurposes() {
        return peer != null && !preferred && deflate.policy().isOn() && agreed() == null;
    }

    /** To be told when the peer acknowledges what our request named. */
    CcpNegotiation acknowledged(List<ConfigurationOption> options) {
        return new CcpNegotiation(
                strengths,
                required,
                preferred,
                asked,
                peer,
                missingNaked,
                !has(options, CcpOption.MPPE),
                deflate.acknowledged(options));
    }

    CcpNegotiation with(DeflateNegotiation other) {
        return new CcpNegotiation(strengths, required, preferred, asked, peer, missingNaked, elsewhere, other);
    }

    @Override
    public CcpNegotiation restarted(RandomGenerator random) {
        return with(deflate.restarted()).withMppe(strengths, required, preferred);
    }

    private boolean asksForMppe() {
        return !asked.isEmpty()
                && (preferred || peer != null || !deflate.policy().isOn());
    }

    @Override
    public List<ConfigurationOption> request() {
        return asksForMppe() ? List.of(option(asked)) : deflate.request();
    }

    @Override
    public Verdict<CcpNegotiation> judge(List<ConfigurationOption> options, RandomGenerator random) {
        boolean encrypts = !strengths.isEmpty() && has(options, CcpOption.MPPE);
        boolean compresses = mayCompress() && !encrypts;
        List<ConfigurationOption> rejects = new ArrayList<>();
        ConfigurationOption named = null;
        boolean twice = false;
        for (ConfigurationOption option : options) {
            boolean known = option.type() == CcpOption.MPPE
                    ? encrypts
                    : option.type() == CcpOption.DEFLATE
                            && compresses
                            && CcpOption.of(option) instanceof CcpOption.Deflate;
            if (!known) {
                rejects.add(option);
                continue;
            }
            twice = named != null;
            named = option;
        }
        if (!rejects.isEmpty()) {
            return new Verdict.Reject<>(this, List.copyOf(rejects));
        }
        if (named == null) {
            return judgeEmpty(compresses);
        }
        // Twice is once too often: then none of them can be acknowledged.
        return encrypts ? judgeMppe(options, twice ? null : exactly(CcpOption.of(named))) : judgeDeflate(named, twice);
    }

    /** Whether MPPE leaves room for Deflate. */
    private boolean mayCompress() {
        return deflate.policy().isOn() && !required && (strengths.isEmpty() || !preferred || asked.isEmpty());
    }

    private Verdict<CcpNegotiation> judgeEmpty(boolean compresses) {
        if (!strengths.isEmpty() && !missingNaked && ((preferred && !asked.isEmpty()) || !compresses)) {
            return nak(strengths.getFirst(), true);
        }
        if (compresses && deflate.misses()) {
            return new Verdict.Nak<>(withPeer(null).with(deflate.withMissingNaked()), List.of(DeflateNegotiation.OURS));
        }
        return new Verdict.Ack<>(withPeer(null).with(deflate.withPeer(false)));
    }

    /** Both ends have one strength: the other direction follows what the peer was allowed. */
    private Verdict<CcpNegotiation> judgeMppe(List<ConfigurationOption> options, @Nullable Strength wanted) {
        return wanted != null
                ? new Verdict.Ack<>(withPeer(wanted).with(deflate.withPeer(false)))
                : nak(best(options), missingNaked);
    }

    private Verdict<CcpNegotiation> judgeDeflate(ConfigurationOption option, boolean twice) {
        if (twice || !deflate.accepts(option)) {
            return new Verdict.Nak<>(withPeer(null).with(deflate.withPeer(false)), List.of(DeflateNegotiation.OURS));
        }
        return new Verdict.Ack<>(withPeer(null).with(deflate.withPeer(true)));
    }

    private static boolean has(List<ConfigurationOption> options, int type) {
        return options.stream().anyMatch(option -> option.type() == type);
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
                new CcpNegotiation(
                        strengths, required, preferred, asked, null, missing, elsewhere, deflate.withPeer(false)),
                List.of(option(List.of(strength))));
    }

    /** A peer may want another strength than the one that we asked for first, if it is one of ours; or MPPE at all. */
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
        return with(deflate.naked(options));
    }

    @Override
    public CcpNegotiation rejected(List<ConfigurationOption> options) {
        return (has(options, CcpOption.MPPE) ? asking(List.of()) : this).with(deflate.rejected(options));
    }

    @Override
    public @Nullable Ending failure() {
        if (required && !strengths.isEmpty() && asked.isEmpty()) {
            return Ending.ofMppe("peer refuses MPPE, which is required");
        }
        return deflate.isRefused() && asked.isEmpty()
                ? Ending.ofDeflate("peer refuses Deflate, which is required")
                : null;
    }

    private CcpNegotiation asking(List<Strength> some) {
        return new CcpNegotiation(
                strengths, required, preferred || !some.isEmpty(), some, peer, missingNaked, elsewhere, deflate);
    }

    private CcpNegotiation withPeer(@Nullable Strength other) {
        return new CcpNegotiation(strengths, required, preferred, asked, other, missingNaked, elsewhere, deflate);
    }

    private static ConfigurationOption option(List<Strength> some) {
        long bits = CcpOption.STATELESS;
        for (Strength strength : some) {
            bits |= strength.supportedBit();
        }
        return new CcpOption.Mppe(bits).encode();
    }
}
