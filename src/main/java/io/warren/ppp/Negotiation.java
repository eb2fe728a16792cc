package io.warren.ppp;

import io.warren.wire.ppp.ConfigurationOption;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one control protocol adds to the automaton: its options. Immutable; each call gives the negotiation as it is
 * afterwards.
 */
interface Negotiation<N extends Negotiation<N>> {
    /** Forgets what was agreed, to begin anew. */
    N restarted(RandomGenerator random);

    /** The options of our next Configure-Request. */
    List<ConfigurationOption> request();

    /** Judges the options of the peer's Configure-Request. */
    Verdict<N> judge(List<ConfigurationOption> options, RandomGenerator random);

    /** The peer suggests other values for our request. */
    N naked(List<ConfigurationOption> options, RandomGenerator random);

    /** The peer does not take these options of our request. */
    N rejected(List<ConfigurationOption> options);

    /** Why there can be no agreement, or null while there can. */
    @Nullable
    Ending failure();

    /** The answer to a Configure-Request. */
    sealed interface Verdict<N> {
        N next();

        record Ack<N>(N next) implements Verdict<N> {}

        /** @param options may name options that the request lacked */
        record Nak<N>(N next, List<ConfigurationOption> options) implements Verdict<N> {}

        record Reject<N>(N next, List<ConfigurationOption> options) implements Verdict<N> {}

        /** Not yet: somebody else has to decide first. */
        record Hold<N>(N next) implements Verdict<N> {}
    }
}
