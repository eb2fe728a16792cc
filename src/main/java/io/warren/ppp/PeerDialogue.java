package io.warren.ppp;

import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PapPacket;
import org.jspecify.annotations.Nullable;

/** The end that shows who it is. Packets of another protocol than the agreed one are discarded. */
sealed interface PeerDialogue permits AuthenticatedEnd, EapPeer {
    static DialogueStep<? extends PeerDialogue> begin(
            AuthenticationMethod method, LinkSettings settings, ClientIdentity identity, int id, long now) {
        return switch (method) {
            case PAP, CHAP_MD5, MSCHAP_V2 -> AuthenticatedEnd.begin(method, settings, identity, id, now);
            case EAP -> DialogueStep.quiet(EapPeer.begin(identity));
        };
    }

    /** Whether we have been let in. */
    boolean done();

    /** Keys to encrypt with, once {@link #done}; null: none. */
    default @Nullable MppeTerms mppe() {
        return null;
    }

    /** When {@link #tick} is due, in monotonic nanoseconds. */
    long deadline();

    default DialogueStep<? extends PeerDialogue> tick(Turn turn) {
        return DialogueStep.quiet(this);
    }

    default DialogueStep<? extends PeerDialogue> received(PapPacket packet) {
        return DialogueStep.quiet(this);
    }

    default DialogueStep<? extends PeerDialogue> received(ChapPacket packet, Turn turn) {
        return DialogueStep.quiet(this);
    }

    default DialogueStep<? extends PeerDialogue> received(EapPacket packet) {
        return DialogueStep.quiet(this);
    }

    /** The other end has begun to negotiate the network: to its mind we are in. */
    default DialogueStep<? extends PeerDialogue> networkBegun() {
        return DialogueStep.quiet(this);
    }
}
