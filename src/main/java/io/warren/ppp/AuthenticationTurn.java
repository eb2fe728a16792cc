package io.warren.ppp;

import io.warren.ppp.LinkState.Question;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PapPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Authentication of both ends, while one input to a {@link PppLink} is worked out. Lives for that input only. */
final class AuthenticationTurn {
    /** The link around it. */
    interface Around extends NetworkTurn.Below {
        /** The peer is let in, with this. */
        void granted(AuthenticationOutcome.Accepted outcome);

        /** A dialogue has gone on: it may have come to its end. */
        void moved();
    }

    private final LinkSettings settings;
    private final @Nullable ClientIdentity identity;
    private final long now;
    private final List<LinkOutput> outputs;
    private final Around link;

    private @Nullable AuthenticatorDialogue authenticator;
    private @Nullable PeerDialogue self;
    private Question question;
    private long deadline;
    private int nextChallengeId;

    AuthenticationTurn(LinkState from, long now, List<LinkOutput> outputs, Around link) {
        this.settings = from.settings();
        this.identity = from.identity();
        this.now = now;
        this.outputs = outputs;
        this.link = link;
        this.authenticator = from.authenticator();
        this.self = from.self();
        this.question = from.question();
        this.deadline = from.authenticationDeadline();
        this.nextChallengeId = from.nextChallengeId();
    }

    @Nullable
    ClientIdentity identity() {
        return identity;
    }

    @Nullable
    AuthenticatorDialogue authenticator() {
        return authenticator;
    }

    @Nullable
    PeerDialogue self() {
        return self;
    }

    Question question() {
        return question;
    }

    long deadline() {
        return deadline;
    }

    int nextChallengeId() {
        return nextChallengeId;
    }

    void challengeFrom(int id) {
        nextChallengeId = id;
    }

    /** LCP is up. */
    void begin(@Nullable ProxiedLcp proxied) {
        AuthenticationMethod theirs = link.lcp().local().method();
        AuthenticationMethod ours = link.lcp().peer().method();
        if (theirs != null || ours != null) {
            deadline = now + settings.authenticationTimeout().toNanos();
        }
        if (theirs != null) {
            Credentials shown = proxied == null ? null : proxied.credentials();
            authenticator(
                    proxied == null || shown == null
                            ? AuthenticatorDialogue.begin(theirs, settings, takeChallengeId(), link.turn())
                            : Authenticator.shown(theirs, shown, settings, proxied.lastId()));
        }
        if (ours != null && identity != null) {
            self(PeerDialogue.begin(ours, settings, identity, takeChallengeId(), now));
        }
    }

    private int takeChallengeId() {
        int id = nextChallengeId;
        nextChallengeId = (nextChallengeId + 1) & 0xff;
        return id;
    }

    void lowerDown() {
        authenticator = null;
        self = null;
        deadline = Long.MAX_VALUE;
        if (question.outstanding()) {
            question = new Question(true, true, null);
        }
    }

    /** The network begins: nothing is waited for any more. */
    void over() {
        deadline = Long.MAX_VALUE;
    }

    /** Whether an end has not come through yet that has to. */
    boolean isUnderWay() {
        AuthenticatorDialogue asker = authenticator;
        return (asker != null && !asker.accepted()) || (self != null && !self.done());
    }

    /** Whether both ends have shown what LCP has agreed on. */
    boolean isPassed() {
        AuthenticationMethod theirs = link.lcp().local().method();
        AuthenticationMethod ours = link.lcp().peer().method();
        return (theirs == null || (authenticator != null && authenticator.accepted()))
                && (ours == null || (self != null && self.done()));
    }

    void received(PapPacket packet) {
        if (authenticator != null) {
            authenticator(authenticator.received(packet));
        }
        if (self != null) {
            self(self.received(packet));
        }
    }

    void received(ChapPacket packet) {
        if (authenticator != null) {
            authenticator(authenticator.received(packet));
        }
        if (self != null) {
            self(self.received(packet, link.turn()));
        }
    }

    void received(EapPacket packet) {
        if (packet instanceof EapPacket.Response response) {
            if (authenticator != null) {
                authenticator(authenticator.received(response, link.turn()));
            }
        } else if (self != null) {
            self(self.received(packet));
        }
    }

    /** The other end has begun to negotiate the network. */
    void networkBegun() {
        if (self != null) {
            self(self.networkBegun());
        }
    }

    /** The answer to what was asked last; one to an older question gives way to what was asked meanwhile. */
    void decided(AuthenticationOutcome outcome) {
        Question answered = question;
        if (!answered.outstanding()) {
            return;
        }
        question = Question.NONE;
        if (answered.stale()) {
            if (answered.waiting() != null) {
                ask(answered.waiting());
            }
            return;
        }
        AuthenticatorDialogue asker = authenticator;
        if (asker == null || link.ending() != null) {
            return;
        }
        if (identity == null && outcome instanceof AuthenticationOutcome.Accepted granted) {
            link.granted(granted);
        }
        authenticator(asker.decided(outcome, link.turn()));
    }

    void tick() {
        if (authenticator != null) {
            authenticator(authenticator.tick(link.turn()));
        }
        if (self != null) {
            self(self.tick(link.turn()));
        }
        if (now >= deadline) {
            deadline = Long.MAX_VALUE;
            link.end(new Ending(LinkEnd.AUTHENTICATION_FAILED, "authentication took too long"));
        }
    }

    private void authenticator(DialogueStep<? extends AuthenticatorDialogue> step) {
        authenticator = step.dialogue();
        dialogue(step);
    }

    private void self(DialogueStep<? extends PeerDialogue> step) {
        self = step.dialogue();
        dialogue(step);
    }

    private void dialogue(DialogueStep<?> step) {
        step.frames().forEach(frame -> outputs.add(new LinkOutput.SendFrame(frame)));
        if (step.credentials() != null) {
            ask(step.credentials());
        }
        if (step.discarded() != null) {
            outputs.add(new LinkOutput.Discarded(step.discarded()));
        }
        if (step.failure() != null) {
            link.end(new Ending(LinkEnd.AUTHENTICATION_FAILED, step.failure()));
        }
        link.moved();
    }

    private void ask(Credentials credentials) {
        if (question.outstanding()) {
            question = new Question(true, true, credentials);
        } else {
            question = new Question(true, false, null);
            outputs.add(new LinkOutput.AuthenticationRequested(credentials));
        }
    }
}
