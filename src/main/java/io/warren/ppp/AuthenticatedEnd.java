package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The end that shows who it is, which RFC 1994 §2 calls the peer. Repeats itself until it is answered: a lost Success
 * would else leave it waiting for ever (RFC 1994 §4.2).
 *
 * @param id of the last PAP request sent or the last challenge answered
 * @param challenge answered last, empty before the first and for PAP
 * @param said our last packet, null before the first challenge
 * @param proof the {@code S=…} that an MS-CHAPv2 authenticator owes us
 * @param mppe keys to encrypt with, once MS-CHAPv2 is {@code done}; null: none
 * @param done whether we have been let in
 * @param tries packets that may still be sent
 */
record AuthenticatedEnd(
        AuthenticationMethod method,
        LinkSettings settings,
        ClientIdentity identity,
        int id,
        Bytes challenge,
        @Nullable Bytes said,
        @Nullable Bytes proof,
        @Nullable MppeTerms mppe,
        boolean done,
        int tries,
        long deadline)
        implements PeerDialogue {
    private static final Pattern PROOF = Pattern.compile("S=([0-9A-Fa-f]{40})");

    static DialogueStep<AuthenticatedEnd> begin(
            AuthenticationMethod method, LinkSettings settings, ClientIdentity identity, int id, long now) {
        AuthenticatedEnd waiting = new AuthenticatedEnd(
                method,
                settings,
                identity,
                id,
                Bytes.EMPTY,
                null,
                null,
                null,
                false,
                settings.maxConfigure(),
                Long.MAX_VALUE);
        return method == AuthenticationMethod.PAP ? waiting.request(now) : DialogueStep.quiet(waiting);
    }

    /** An answer to any of our requests counts: it may have been overtaken by our next one. */
    @Override
    public DialogueStep<AuthenticatedEnd> received(PapPacket packet) {
        if (method != AuthenticationMethod.PAP) {
            return DialogueStep.quiet(this);
        }
        return switch (packet) {
            case PapPacket.AuthenticateAck _ -> DialogueStep.quiet(finished());
            case PapPacket.AuthenticateNak nak -> DialogueStep.fail(this, refusal(nak.message()));
            case PapPacket.AuthenticateRequest _ -> DialogueStep.quiet(this);
        };
    }

    @Override
    public DialogueStep<AuthenticatedEnd> received(ChapPacket packet, Turn turn) {
        if (method == AuthenticationMethod.PAP) {
            return DialogueStep.quiet(this);
        }
        return switch (packet) {
            case ChapPacket.Challenge asked -> answer(asked, turn);
            case ChapPacket.Success success when success.id() == id && said != null && !done -> success(success);
            case ChapPacket.Failure failure
            when failure.id() == id && said != null -> DialogueStep.fail(this, refusal(failure.message()));
            case ChapPacket.Success _, ChapPacket.Failure _, ChapPacket.Response _ -> DialogueStep.quiet(this);
        };
    }

    @Override
    public DialogueStep<AuthenticatedEnd> tick(Turn turn) {
        Bytes packet = said;
        if (turn.now() < deadline || packet == null) {
            return DialogueStep.quiet(this);
        }
        if (tries <= 0) {
            return DialogueStep.fail(finished(), "the authenticator does not answer");
        }
        return method == AuthenticationMethod.PAP ? request(turn.now()) : say(packet, turn.now());
    }

    /** Each Authenticate-Request has an identifier of its own (RFC 1334 §2.2.1). */
    private DialogueStep<AuthenticatedEnd> request(long now) {
        int next = (id + 1) & 0xff;
        Bytes packet = new PapPacket.AuthenticateRequest(next, user(), identity.password()).encode();
        AuthenticatedEnd asking = new AuthenticatedEnd(
                method, settings, identity, next, challenge, said, proof, mppe, done, tries, deadline);
        return asking.say(new PppFrame(PppProtocol.PAP, packet).encode(), now);
    }

    /** The same challenge gets the same response; a new one may come at any time (RFC 1994 §2). */
    private DialogueStep<AuthenticatedEnd> answer(ChapPacket.Challenge asked, Turn turn) {
        Bytes before = said;
        if (before != null && asked.id() == id && asked.value().equals(challenge)) {
            return done ? DialogueStep.send(this, before) : say(before, turn.now());
        }
        byte[] password = identity.password().toByteArray();
        Bytes value;
        Bytes owed = null;
        MppeTerms terms = null;
        if (method == AuthenticationMethod.MSCHAP_V2) {
            if (asked.value().length() != MsChapV2.CHALLENGE_LENGTH) {
                return DialogueStep.quiet(this);
            }
            Bytes ours = Turn.octets(turn.random(), MsChapV2.CHALLENGE_LENGTH);
            MsChapV2.Answer answer = MsChapV2.respond(asked.value(), ours, identity.user(), password);
            value = answer.response();
            terms = new MppeTerms(answer.keys());
            owed = Bytes.of(answer.authenticatorResponse().getBytes(StandardCharsets.US_ASCII));
        } else {
            value = ChapMd5.respond(asked.id(), password, asked.value());
        }
        Bytes packet = new ChapPacket.Response(asked.id(), value, user()).encode();
        AuthenticatedEnd next = new AuthenticatedEnd(
                method,
                settings,
                identity,
                asked.id(),
                asked.value(),
                null,
                owed,
                terms,
                false,
                settings.maxConfigure(),
                Long.MAX_VALUE);
        return next.say(new PppFrame(PppProtocol.CHAP, packet).encode(), turn.now());
    }

    /** RFC 2759 §5: whoever cannot prove to know the password is not the server that we want. */
    private DialogueStep<AuthenticatedEnd> success(ChapPacket.Success success) {
        Bytes owed = proof;
        if (owed != null) {
            Matcher shown = PROOF.matcher(text(success.message()));
            boolean proven = shown.find()
                    && MessageDigest.isEqual(
                            owed.toByteArray(),
                            ("S=" + shown.group(1).toUpperCase(java.util.Locale.ROOT))
                                    .getBytes(StandardCharsets.US_ASCII));
            if (!proven) {
                return DialogueStep.fail(this, "the server did not prove that it knows the password");
            }
        }
        return DialogueStep.quiet(finished());
    }

    private AuthenticatedEnd finished() {
        return new AuthenticatedEnd(
                method, settings, identity, id, challenge, said, proof, mppe, true, tries, Long.MAX_VALUE);
    }

    private DialogueStep<AuthenticatedEnd> say(Bytes frame, long now) {
        AuthenticatedEnd next = new AuthenticatedEnd(
                method,
                settings,
                identity,
                id,
                challenge,
                frame,
                proof,
                mppe,
                done,
                tries - 1,
                now + settings.restart().toNanos());
        return DialogueStep.send(next, frame);
    }

    private Bytes user() {
        return Bytes.of(identity.user().getBytes(StandardCharsets.UTF_8));
    }

    private static String refusal(Bytes message) {
        return message.length() == 0 ? "the peer refused us" : "the peer refused us: " + text(message);
    }

    private static String text(Bytes octets) {
        String text = new String(Turn.cut(octets, 255).toByteArray(), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
