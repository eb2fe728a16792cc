package io.warren.control.access;

import io.warren.control.port.AccessDecision;
import io.warren.ppp.Credentials;
import io.warren.ppp.EapMd5;
import io.warren.ppp.EapRound;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ppp.EapPacket;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The EAP server for users of the users file. It knows one method, MD5-Challenge, for which a secret is enough; the
 * challenge is in the round, so it remembers nothing.
 */
final class LocalEap {
    private LocalEap() {}

    /** What to do with a Response. */
    sealed interface Step {
        /** The identity came: this is next. */
        record Ask(AccessDecision.Challenged challenge) implements Step {}

        /** The secret is to be verified with these. */
        record Verify(Credentials.ChapMd5 shown) implements Step {}

        record Refuse(String reason) implements Step {}
    }

    /** @param name ours, for the challenge */
    static Step next(Credentials.Eap shown, String name, RandomGenerator random) {
        EapPacket packet;
        try {
            packet = EapPacket.decode(shown.packet());
        } catch (WireException malformed) {
            return new Step.Refuse("malformed EAP packet");
        }
        if (!(packet instanceof EapPacket.Response response)) {
            return new Step.Refuse("no EAP Response");
        }
        EapRound round = shown.round();
        if (round == null) {
            return new Step.Ask(challenge(response.id() + 1 & 0xff, name, random));
        }
        if (round.state() == null) {
            return new Step.Refuse("EAP Response to no challenge of ours");
        }
        Credentials.ChapMd5 chap = EapMd5.shown(shown.user(), response, round.state());
        return chap == null
                ? new Step.Refuse("the peer does not take MD5-Challenge, and the users file knows no other EAP method")
                : new Step.Verify(chap);
    }

    private static AccessDecision.Challenged challenge(int id, String name, RandomGenerator random) {
        byte[] octets = new byte[EapMd5.CHALLENGE_LENGTH];
        random.nextBytes(octets);
        Bytes challenge = Bytes.of(octets);
        return new AccessDecision.Challenged(
                EapMd5.request(id, challenge, name).encode(), new EapRound(null, challenge), Duration.ZERO);
    }
}
