package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The end that asks the peer who it is: PAP (RFC 1334 §2), CHAP (RFC 1994) or MS-CHAPv2 (RFC 2759). It does not know
 * any secret; it shows the credentials and is told. Packets of another method than the agreed one are discarded: there
 * are modems that answer an old challenge after PAP was agreed, and a password must not be taken where a hash was asked.
 *
 * @param id of the challenge
 * @param challenge empty for PAP
 * @param verdict null while undecided
 * @param asked whether credentials are being decided upon
 * @param tries challenges that may still be sent
 * @param deadline when the challenge is sent again
 */
record Authenticator(
        AuthenticationMethod method,
        LinkSettings settings,
        int id,
        Bytes challenge,
        @Nullable Verdict verdict,
        boolean asked,
        int tries,
        long deadline)
        implements AuthenticatorDialogue {
    private static final int NAME_LIMIT = 255;
    private static final int LEAST_CHALLENGE = 16;

    /** @param message that goes with Ack, Nak, Success or Failure */
    record Verdict(boolean accepted, String message) {}

    static DialogueStep<Authenticator> begin(AuthenticationMethod method, LinkSettings settings, int id, Turn turn) {
        int length = switch (method) {
            case PAP -> 0;
            case CHAP_MD5 -> LEAST_CHALLENGE + turn.random().nextInt(9);
            case MSCHAP_V2 -> MsChapV2.CHALLENGE_LENGTH;
            case EAP -> throw new IllegalArgumentException("EAP is spoken by EapAuthenticator");
        };
        Bytes challenge = Turn.octets(turn.random(), length);
        Authenticator waiting = new Authenticator(
                method, settings, id, challenge, null, false, settings.maxConfigure(), Long.MAX_VALUE);
        return method == AuthenticationMethod.PAP ? DialogueStep.quiet(waiting) : waiting.challengeAgain(turn.now());
    }

    /** As it is when the peer has shown its credentials to somebody else already. */
    static DialogueStep<Authenticator> shown(
            AuthenticationMethod method, Credentials credentials, LinkSettings settings, int id) {
        return DialogueStep.ask(
                new Authenticator(
                        method,
                        settings,
                        id,
                        challengeOf(credentials),
                        null,
                        true,
                        settings.maxConfigure(),
                        Long.MAX_VALUE),
                credentials);
    }

    /** A Failure of MS-CHAPv2 repeats it. */
    private static Bytes challengeOf(Credentials credentials) {
        return credentials instanceof Credentials.MsChapV2 chap ? chap.challenge() : Bytes.EMPTY;
    }

    @Override
    public boolean accepted() {
        return verdict != null && verdict.accepted;
    }

    @Override
    public DialogueStep<Authenticator> received(PapPacket packet) {
        if (method != AuthenticationMethod.PAP || !(packet instanceof PapPacket.AuthenticateRequest request)) {
            return DialogueStep.quiet(this);
        }
        if (verdict != null) {
            return DialogueStep.send(this, reply(request.id(), verdict));
        }
        if (asked) {
            return DialogueStep.quiet(withId(request.id()));
        }
        String user = text(request.peerId());
        return DialogueStep.ask(withId(request.id()).asking(), new Credentials.Pap(user, request.password()));
    }

    @Override
    public DialogueStep<Authenticator> received(ChapPacket packet) {
        if (method == AuthenticationMethod.PAP
                || !(packet instanceof ChapPacket.Response response)
                || response.id() != id) {
            return DialogueStep.quiet(this);
        }
        if (verdict != null) {
            return DialogueStep.send(this, reply(id, verdict));
        }
        if (asked) {
            return DialogueStep.quiet(this);
        }
        int length = method == AuthenticationMethod.MSCHAP_V2 ? MsChapV2.RESPONSE_LENGTH : ChapMd5.RESPONSE_LENGTH;
        if (response.value().length() != length || response.name().length() > NAME_LIMIT) {
            return refuse("malformed response");
        }
        String user = text(response.name());
        return DialogueStep.ask(
                asking(),
                method == AuthenticationMethod.MSCHAP_V2
                        ? new Credentials.MsChapV2(user, id, challenge, response.value())
                        : new Credentials.ChapMd5(user, id, challenge, response.value()));
    }

    @Override
    public DialogueStep<Authenticator> decided(AuthenticationOutcome outcome, Turn turn) {
        if (!asked) {
            return DialogueStep.quiet(this);
        }
        return switch (outcome) {
            case AuthenticationOutcome.Rejected rejected -> refuse(rejected.reason());
            case AuthenticationOutcome.Challenged _ -> refuse("asked for more than " + method + " can give");
            case AuthenticationOutcome.Accepted accepted -> {
                String proof = accepted.authenticatorResponse();
                if (method != AuthenticationMethod.MSCHAP_V2) {
                    yield conclude(new Verdict(true, "Welcome"), null);
                }
                // Without the proof the peer would hang up: it may not be let in.
                yield proof == null
                        ? refuse("no authenticator response for MS-CHAPv2")
                        : conclude(new Verdict(true, proof.contains("M=") ? proof : proof + " M=Welcome"), null);
            }
        };
    }

    @Override
    public DialogueStep<Authenticator> tick(Turn turn) {
        if (turn.now() < deadline) {
            return DialogueStep.quiet(this);
        }
        return tries > 0
                ? challengeAgain(turn.now())
                : DialogueStep.fail(with(verdict, asked, Long.MAX_VALUE), "peer does not answer the challenge");
    }

    private DialogueStep<Authenticator> challengeAgain(long now) {
        Authenticator next = new Authenticator(
                method,
                settings,
                id,
                challenge,
                verdict,
                asked,
                tries - 1,
                now + settings.restart().toNanos());
        Bytes name = Bytes.of(settings.hostName().getBytes(StandardCharsets.UTF_8));
        Bytes packet = new ChapPacket.Challenge(id, challenge, Turn.cut(name, NAME_LIMIT)).encode();
        return DialogueStep.send(next, new PppFrame(PppProtocol.CHAP, packet).encode());
    }

    /** The peer is told no more than that it failed. */
    private DialogueStep<Authenticator> refuse(String reason) {
        String message = method != AuthenticationMethod.MSCHAP_V2
                ? "Authentication failed"
                : "E=691 R=0 C="
                        + HexFormat.of().formatHex(challenge.toByteArray()).toUpperCase(Locale.ROOT)
                        + " V=3 M=Authentication failed";
        return conclude(new Verdict(false, message), reason);
    }

    private DialogueStep<Authenticator> conclude(Verdict decided, @Nullable String failure) {
        return new DialogueStep<>(with(decided, false, Long.MAX_VALUE), List.of(reply(id, decided)), null, failure);
    }

    private Bytes reply(int toId, Verdict decided) {
        Bytes message = Bytes.of(decided.message.getBytes(StandardCharsets.UTF_8));
        if (method == AuthenticationMethod.PAP) {
            PapPacket packet = decided.accepted
                    ? new PapPacket.AuthenticateAck(toId, message)
                    : new PapPacket.AuthenticateNak(toId, message);
            return new PppFrame(PppProtocol.PAP, packet.encode()).encode();
        }
        ChapPacket packet =
                decided.accepted ? new ChapPacket.Success(toId, message) : new ChapPacket.Failure(toId, message);
        return new PppFrame(PppProtocol.CHAP, packet.encode()).encode();
    }

    private Authenticator asking() {
        return with(verdict, true, Long.MAX_VALUE);
    }

    private Authenticator with(@Nullable Verdict decided, boolean asking, long nextDeadline) {
        return new Authenticator(method, settings, id, challenge, decided, asking, tries, nextDeadline);
    }

    private Authenticator withId(int other) {
        return new Authenticator(method, settings, other, challenge, verdict, asked, tries, deadline);
    }

    private static String text(Bytes octets) {
        return new String(octets.toByteArray(), StandardCharsets.UTF_8);
    }
}
