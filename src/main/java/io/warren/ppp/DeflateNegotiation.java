package io.warren.ppp;

import io.warren.wire.ppp.CcpOption;
import io.warren.wire.ppp.ConfigurationOption;
import java.util.List;

/**
 * Deflate's option in CCP (RFC 1979 §3). Each direction has an option of its own: that of a request says how its sender
 * wants to receive.
 *
 * @param asked the window of our request's option; {@link #NOTHING}: it has none
 * @param acknowledged whether the peer has acknowledged it
 * @param peer whether the request that we acknowledged last has it
 * @param missingNaked whether we have told a peer that left the option out
 * @param declined whether we do not want to receive it any more
 */
record DeflateNegotiation(
        DeflatePolicy policy, int asked, boolean acknowledged, boolean peer, boolean missingNaked, boolean declined) {
    static final int NOTHING = 0;

    /** What a peer must be able to follow: our compressor has no smaller window. */
    static final ConfigurationOption OURS =
            CcpOption.Deflate.of(DeflatePolicy.MOST_WINDOW).encode();

    static DeflateNegotiation of(DeflatePolicy policy) {
        return new DeflateNegotiation(policy, policy.isOn() ? policy.window() : NOTHING, false, false, false, false);
    }

    DeflateNegotiation restarted() {
        return declined ? of(policy).declining() : of(policy);
    }

    /** From the next request on we do not want to receive it. */
    DeflateNegotiation declining() {
        return new DeflateNegotiation(policy, NOTHING, false, peer, missingNaked, true);
    }

    List<ConfigurationOption> request() {
        return asked == NOTHING
                ? List.of()
                : List.of(CcpOption.Deflate.of(asked).encode());
    }

    /** Whether the peer's option can be acknowledged as it is. */
    boolean accepts(ConfigurationOption option) {
        return option.equals(OURS);
    }

    /** Whether a peer that left the option out should be told. */
    boolean misses() {
        return policy.asksFirst() && !missingNaked;
    }

    DeflateNegotiation withPeer(boolean wants) {
        return new DeflateNegotiation(policy, asked, acknowledged, wants, missingNaked, declined);
    }

    DeflateNegotiation withMissingNaked() {
        return new DeflateNegotiation(policy, asked, acknowledged, false, true, declined);
    }

    DeflateNegotiation acknowledged(List<ConfigurationOption> options) {
        boolean has = options.stream().anyMatch(option -> option.type() == CcpOption.DEFLATE);
        return new DeflateNegotiation(policy, asked, has, peer, missingNaked, declined);
    }

    /** Any window will do, since ours is the largest. */
    DeflateNegotiation naked(List<ConfigurationOption> options) {
        for (ConfigurationOption option : options) {
            if (option.type() == CcpOption.DEFLATE && asked != NOTHING) {
                boolean known = CcpOption.of(option) instanceof CcpOption.Deflate other && other.isOfRfc1979();
                int window = known ? ((CcpOption.Deflate) CcpOption.of(option)).window() : NOTHING;
                return new DeflateNegotiation(policy, window, acknowledged, peer, missingNaked, declined);
            }
        }
        return this;
    }

    DeflateNegotiation rejected(List<ConfigurationOption> options) {
        return options.stream().anyMatch(option -> option.type() == CcpOption.DEFLATE)
                ? new DeflateNegotiation(policy, NOTHING, false, peer, missingNaked, declined)
                : this;
    }

    /** Whether the peer does not want what must be. */
    boolean isRefused() {
        return policy.use() == DeflatePolicy.Use.REQUIRE && asked == NOTHING && !declined;
    }

    /** Whether, CCP being open, less has been agreed upon than must be. */
    boolean isLessThanRequired() {
        return policy.use() == DeflatePolicy.Use.REQUIRE && !(peer && (acknowledged || declined));
    }
}
