package io.warren.ppp;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The peer of an EAP conversation, which knows one method, MD5-Challenge. It never repeats itself unasked (RFC 3748
 * §4.1): the other end repeats its Request.
 *
 * @param said our last Response, null before the first Request
 * @param proven whether a method is behind us, without which a Success is not believed
 */
record EapPeer(ClientIdentity identity, EapPacket.@Nullable Response said, boolean proven, boolean done)
        implements PeerDialogue {
    static EapPeer begin(ClientIdentity identity) {
        return new EapPeer(identity, null, false, false);
    }

    @Override
    public long deadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public DialogueStep<EapPeer> received(EapPacket packet) {
        EapPacket.Response before = said;
        boolean again = before != null && before.id() == packet.id();
        return switch (packet) {
            case EapPacket.Request request -> {
                if (done) {
                    yield DialogueStep.quiet(this);
                }
                // The same Request gets the same Response (RFC 3748 §4.1).
                yield again && before != null ? DialogueStep.send(this, frame(before)) : answer(request);
            }
            case EapPacket.Success _ -> DialogueStep.quiet(again && proven ? finished() : this);
            case EapPacket.Failure _ ->
                again && !done ? DialogueStep.fail(this, "the peer refused us") : DialogueStep.quiet(this);
            case EapPacket.Response _ -> DialogueStep.quiet(this);
        };
    }

    /** A Success is never repeated; whoever lost it learns it from this (RFC 3748 §4.2). */
    @Override
    public DialogueStep<EapPeer> networkBegun() {
        return DialogueStep.quiet(proven ? finished() : this);
    }

    private DialogueStep<EapPeer> answer(EapPacket.Request request) {
        int id = request.id();
        return switch (request.type()) {
            case EapPacket.IDENTITY -> say(new EapPacket.Response(id, EapPacket.IDENTITY, user()), false);
            case EapPacket.NOTIFICATION -> say(new EapPacket.Response(id, EapPacket.NOTIFICATION, Bytes.EMPTY), proven);
            case EapPacket.NAK -> DialogueStep.quiet(this); // Not a Request's type (RFC 3748 §5.3.1).
            case EapPacket.MD5_CHALLENGE -> {
                EapPacket.Response response =
                        EapMd5.answer(request, identity.password().toByteArray(), user());
                yield response == null ? DialogueStep.quiet(this) : say(response, true);
            }
            default -> say(new EapPacket.Response(id, EapPacket.NAK, Bytes.of((byte) EapPacket.MD5_CHALLENGE)), false);
        };
    }

    private DialogueStep<EapPeer> say(EapPacket.Response response, boolean nowProven) {
        return DialogueStep.send(new EapPeer(identity, response, nowProven, done), frame(response));
    }

    private EapPeer finished() {
        return new EapPeer(identity, said, true, true);
    }

    private static Bytes frame(EapPacket packet) {
        return new PppFrame(PppProtocol.EAP, packet.encode()).encode();
    }

    private Bytes user() {
        return Bytes.of(identity.user().getBytes(StandardCharsets.UTF_8));
    }
}
