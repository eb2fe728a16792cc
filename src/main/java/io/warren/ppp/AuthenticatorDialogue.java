package io.warren.ppp;

import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PapPacket;

/** The end that asks the peer who it is. Packets of another protocol than the agreed one are discarded. */
sealed interface AuthenticatorDialogue permits Authenticator, EapAuthenticator {
    static DialogueStep<? extends AuthenticatorDialogue> begin(
            AuthenticationMethod method, LinkSettings settings, int id, Turn turn) {
        return switch (method) {
            case PAP, CHAP_MD5, MSCHAP_V2 -> Authenticator.begin(method, settings, id, turn);
            case EAP -> EapAuthenticator.begin(settings, id, turn);
        };
    }

    /** Whether the peer has been let in. */
    boolean accepted();

    /** When {@link #tick} is due, in monotonic nanoseconds. */
    long deadline();

    DialogueStep<? extends AuthenticatorDialogue> decided(AuthenticationOutcome outcome, Turn turn);

    DialogueStep<? extends AuthenticatorDialogue> tick(Turn turn);

    default DialogueStep<? extends AuthenticatorDialogue> received(PapPacket packet) {
        return DialogueStep.quiet(this);
    }

    default DialogueStep<? extends AuthenticatorDialogue> received(ChapPacket packet) {
        return DialogueStep.quiet(this);
    }

    default DialogueStep<? extends AuthenticatorDialogue> received(EapPacket.Response packet, Turn turn) {
        return DialogueStep.quiet(this);
    }
}
