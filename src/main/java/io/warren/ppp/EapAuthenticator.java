package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authenticator of an EAP conversation, as a pass-through (RFC 3748 §2.3): it asks for the identity and knows no
 * method. Each Response goes to whoever decides, and its Request, Success or Failure comes back. It repeats Requests, in
 * lockstep, and validates Code, Identifier and Length (RFC 3579 §2.2).
 *
 * @param user the identity, empty before it is known
 * @param request that the peer has to answer
 * @param round what came with the request; null for our own
 * @param rounds requests that came until now
 * @param verdict null while undecided
 * @param asked whether a Response is being decided upon
 * @param pause nanoseconds after which the request is sent again
 * @param tries how often the request may still be sent
 */
record EapAuthenticator(
        LinkSettings settings,
        String user,
        EapPacket.Request request,
        @Nullable EapRound round,
        int rounds,
        @Nullable Boolean verdict,
        boolean asked,
        long pause,
        int tries,
        long deadline)
        implements AuthenticatorDialogue {
    /** More than any method takes: certificates of 64 KB come in as many pieces. */
    static final int MOST_ROUNDS = 50;

    static DialogueStep<EapAuthenticator> begin(LinkSettings settings, int id, Turn turn) {
        EapPacket.Request identity = new EapPacket.Request(id, EapPacket.IDENTITY, Bytes.EMPTY);
        long pause = settings.restart().toNanos();
        return new EapAuthenticator(settings, "", identity, null, 0, null, false, pause, 0, Long.MAX_VALUE)
                .ask(identity, null, 0, pause, turn);
    }

    @Override
    public boolean accepted() {
        return verdict != null && verdict;
    }

    /** The Responses that are not awaited change nothing: nobody can end another's conversation with them. */
    @Override
    public DialogueStep<EapAuthenticator> received(EapPacket.Response response, Turn turn) {
        if (response.id() != request.id()) {
            return DialogueStep.discard(this, "EAP Response to another Request");
        }
        if (asked || verdict != null) {
            return DialogueStep.discard(this, "EAP Response that was given already");
        }
        String who = user;
        if (round == null) {
            if (response.type() != EapPacket.IDENTITY) {
                return DialogueStep.discard(this, "EAP Response of a type that was not asked for");
            }
            who = new String(response.data().toByteArray(), StandardCharsets.UTF_8);
        }
        EapAuthenticator asking =
                new EapAuthenticator(settings, who, request, round, rounds, null, true, pause, tries, Long.MAX_VALUE);
        return DialogueStep.ask(asking, new Credentials.Eap(who, response.encode(), turn.mtu(), round));
    }

    @Override
    public DialogueStep<EapAuthenticator> decided(AuthenticationOutcome outcome, Turn turn) {
        if (!asked) {
            return DialogueStep.quiet(this);
        }
        return switch (outcome) {
            case AuthenticationOutcome.Challenged(Bytes eap, EapRound next, Duration repeatAfter) ->
                challenged(eap, next, repeatAfter, turn);
            case AuthenticationOutcome.Accepted accepted -> accepted(accepted.eap());
            case AuthenticationOutcome.Rejected(String reason, Bytes eap) ->
                conclude(false, eap == null ? new EapPacket.Failure(request.id()) : read(eap), reason);
        };
    }

    @Override
    public DialogueStep<EapAuthenticator> tick(Turn turn) {
        if (turn.now() < deadline) {
            return DialogueStep.quiet(this);
        }
        return tries > 0
                ? send(rounds, tries, turn)
                : DialogueStep.fail(concluded(false), "peer does not answer the EAP Request");
    }

    private DialogueStep<EapAuthenticator> challenged(Bytes eap, EapRound next, Duration repeatAfter, Turn turn) {
        if (!(read(eap) instanceof EapPacket.Request asks)) {
            return refuse("what the peer is to be asked is no EAP Request");
        }
        if (eap.length() > turn.mtu()) {
            return refuse("an EAP Request of " + eap.length() + " octets is too long for the peer");
        }
        if (rounds >= MOST_ROUNDS) {
            return refuse("more than " + MOST_ROUNDS + " rounds of EAP");
        }
        long pause = pause(repeatAfter);
        if (asks.equals(request)) {
            // The Response was not understood (RFC 3579 §2.2): the peer would only give the same at once.
            return DialogueStep.quiet(new EapAuthenticator(
                    settings, user, request, next, rounds + 1, null, false, pause, tries, turn.now() + pause));
        }
        return ask(asks, next, rounds + 1, pause, turn);
    }

    /** No longer than all may take. */
    private long pause(Duration repeatAfter) {
        Duration most = settings.authenticationTimeout();
        return repeatAfter.isZero()
                ? settings.restart().toNanos()
                : (repeatAfter.compareTo(most) < 0 ? repeatAfter : most).toNanos();
    }

    private DialogueStep<EapAuthenticator> ask(
            EapPacket.Request next, @Nullable EapRound with, int number, long pause, Turn turn) {
        return new EapAuthenticator(settings, user, next, with, number, null, false, pause, 0, Long.MAX_VALUE)
                .send(number, settings.maxConfigure(), turn);
    }

    /** Repeated with the same Identifier (RFC 3748 §4.1). */
    private DialogueStep<EapAuthenticator> send(int number, int triesNow, Turn turn) {
        EapAuthenticator sent = new EapAuthenticator(
                settings, user, request, round, number, null, false, pause, triesNow - 1, turn.now() + pause);
        return DialogueStep.send(sent, frame(request));
    }

    private DialogueStep<EapAuthenticator> accepted(@Nullable Bytes eap) {
        EapPacket said = eap == null ? new EapPacket.Success(request.id()) : read(eap);
        return said instanceof EapPacket.Success
                ? conclude(true, said, null)
                : conclude(false, said, "let in with an EAP packet that says otherwise");
    }

    private DialogueStep<EapAuthenticator> refuse(String reason) {
        return conclude(false, new EapPacket.Failure(request.id()), reason);
    }

    /** @param said is sent unless it contradicts the decision, which nobody but the server may mend (RFC 3579 §2.6.3) */
    private DialogueStep<EapAuthenticator> conclude(boolean letIn, @Nullable EapPacket said, @Nullable String failure) {
        boolean fits = letIn ? said instanceof EapPacket.Success : said instanceof EapPacket.Failure;
        List<Bytes> frames = fits && said != null ? List.of(frame(said)) : List.of();
        return new DialogueStep<>(concluded(letIn), frames, null, failure);
    }

    private EapAuthenticator concluded(boolean letIn) {
        return new EapAuthenticator(settings, user, request, null, rounds, letIn, false, pause, 0, Long.MAX_VALUE);
    }

    private static @Nullable EapPacket read(Bytes eap) {
        try {
            return EapPacket.decode(eap);
        } catch (WireException malformed) {
            return null;
        }
    }

    private static Bytes frame(EapPacket packet) {
        return new PppFrame(PppProtocol.EAP, packet.encode()).encode();
    }
}
