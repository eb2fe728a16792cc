package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.LinkState.Question;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One input to a {@link PppLink}, being worked out: LCP, then authentication, then IPCP. Lives for that input only. */
final class LinkTurn {
    /** Control packets and authentication fit into the default MRU (RFC 1661 §6.1); the rest is Address to protocol. */
    private static final int LONGEST_FRAME = LcpNegotiation.DEFAULT_MRU + 4;

    /** Octets of an Echo-Reply or a Protocol-Reject before its data. */
    private static final int ECHO_HEADER = 8;

    private static final int PROTOCOL_REJECT_HEADER = 6;

    private final LinkSettings settings;
    private final @Nullable ClientIdentity identity;
    private final long now;
    private final RandomGenerator random;
    private final List<LinkOutput> outputs = new ArrayList<>();

    private ControlProtocol<LcpNegotiation> lcp;
    private ControlProtocol<IpcpNegotiation> ipcp;
    private @Nullable Authenticator authenticator;
    private @Nullable AuthenticatedEnd self;
    private Question question;
    private long authenticationDeadline;
    private int nextChallengeId;
    private Keepalive keepalive;
    private @Nullable Ending ending;
    private boolean heard;
    private boolean networkUp;
    private boolean over;

    LinkTurn(LinkState from, long now, RandomGenerator random) {
        this.now = now;
        this.random = random;
        settings = from.settings();
        identity = from.identity();
        lcp = from.lcp();
        ipcp = from.ipcp();
        authenticator = from.authenticator();
        self = from.self();
        question = from.question();
        authenticationDeadline = from.authenticationDeadline();
        nextChallengeId = from.nextChallengeId();
        keepalive = from.keepalive();
        ending = from.ending();
        heard = from.heard();
        networkUp = from.networkUp();
        over = from.over();
    }

    LinkState state() {
        return new LinkState(
                settings,
                identity,
                lcp,
                ipcp,
                authenticator,
                self,
                question,
                authenticationDeadline,
                nextChallengeId,
                keepalive,
                ending,
                heard,
                networkUp,
                over);
    }

    List<LinkOutput> outputs() {
        return List.copyOf(outputs);
    }

    // ---------------------------------------------------------------- inputs

    void lowerUp() {
        if (over || lcp.state() != State.INITIAL) {
            return;
        }
        lcp(lcp.on(Event.OPEN, turn()));
        lcp(lcp.on(Event.UP, turn()));
        long first =
                Math.min(settings.firstRestart().toNanos(), settings.restart().toNanos());
        lcp = lcp.withDeadline(now + first);
    }

    void received(Bytes octets) {
        if (over || octets.length() > LONGEST_FRAME) {
            return;
        }
        try {
            PppFrame frame = PppFrame.decode(octets);
            Bytes information = frame.information();
            switch (frame.protocol()) {
                case PppProtocol.LCP -> lcpReceived(ControlPacket.decode(information), information);
                case PppProtocol.IPCP -> ipcpReceived(ControlPacket.decode(information), information);
                case PppProtocol.PAP -> papReceived(PapPacket.decode(information));
                case PppProtocol.CHAP -> chapReceived(ChapPacket.decode(information));
                case PppProtocol.IPV4 -> alive();
                default -> unknownProtocol(frame);
            }
        } catch (WireException malformed) {
            // Silently discarded (RFC 1661 §5); it is not even a sign of life.
        }
    }

    void authenticated(AuthenticationOutcome outcome) {
        Question answered = question;
        if (over || !answered.outstanding()) {
            return;
        }
        question = Question.NONE;
        if (answered.stale()) {
            if (answered.waiting() != null) {
                ask(answered.waiting());
            }
            return;
        }
        Authenticator asker = authenticator;
        if (asker == null || ending != null) {
            return;
        }
        if (identity == null && outcome instanceof AuthenticationOutcome.Accepted granted) {
            ipcp = ipcp.with(
                    IpcpNegotiation.server(settings.address(), granted.address(), granted.permitted(), granted.dns()));
        }
        authenticator(asker.decided(outcome));
    }

    void addressDecided(int address, boolean granted) {
        IpcpNegotiation before = ipcp.negotiation();
        IpcpNegotiation decided = before.decided(address, granted);
        if (!over && !decided.equals(before)) {
            ipcp(ipcp.decided(decided, turn()));
        }
    }

    void close(String reason) {
        if (over) {
            return;
        }
        if (lcp.state() == State.INITIAL) {
            ending = new Ending(LinkEnd.CLOSED, reason);
            finished();
        } else if (ending == null) {
            end(new Ending(LinkEnd.CLOSED, reason));
        } else {
            lcp(lcp.on(Event.CLOSE, turn()));
        }
    }

    void tick() {
        if (over) {
            return;
        }
        lcp(lcp.tick(turn()));
        ipcp(ipcp.tick(turn()));
        if (authenticator != null) {
            authenticator(authenticator.tick(turn()));
        }
        if (self != null) {
            self(self.tick(turn()));
        }
        if (now >= authenticationDeadline) {
            authenticationDeadline = Long.MAX_VALUE;
            end(new Ending(LinkEnd.AUTHENTICATION_FAILED, "authentication took too long"));
        }
        if (!over && now >= keepalive.next()) {
            echo();
        }
    }

    // ---------------------------------------------------------------- LCP

    private void lcpReceived(ControlPacket packet, Bytes raw) {
        boolean first = !heard;
        heard = true;
        if (first && packet instanceof ControlPacket.ConfigureRequest) {
            // The peer has only now begun to listen: it may have lost our request.
            lcp(lcp.repeatRequest(turn()));
        }
        if (packet instanceof ControlPacket.EchoRequest request && isOurs(request.magic())) {
            return; // A looped line answers itself: that is no sign of life.
        }
        alive();
        switch (packet) {
            case ControlPacket.EchoRequest request -> {
                if (lcp.isOpened()) {
                    Bytes data = Turn.cut(request.data(), mtu() - ECHO_HEADER);
                    long magic = lcp.negotiation().local().magic();
                    sendLcp(new ControlPacket.EchoReply(request.id(), magic, data));
                }
            }
            case ControlPacket.ProtocolReject reject -> protocolRejected(reject.protocol());
            case ControlPacket.EchoReply _, ControlPacket.Notice _ -> {}
            case ControlPacket.TerminateRequest request -> {
                if (lcp.isOpened() && ending == null) {
                    ending = Ending.byPeer(request.data());
                }
                lcp(lcp.received(packet, raw, turn()));
            }
            case ControlPacket.CodeReject reject -> codeRejected(reject, raw);
            case ControlPacket.ConfigureRequest _,
                    ControlPacket.ConfigureAck _,
                    ControlPacket.ConfigureNak _,
                    ControlPacket.ConfigureReject _,
                    ControlPacket.TerminateAck _,
                    ControlPacket.Unknown _ -> lcp(lcp.received(packet, raw, turn()));
        }
    }

    private void codeRejected(ControlPacket.CodeReject reject, Bytes raw) {
        int code = reject.rejected().length() > 0 ? reject.rejected().at(0) : 0;
        if (code == ControlPacket.ECHO_REQUEST) {
            keepalive = keepalive.stopped();
        } else if (code >= ControlPacket.CONFIGURE_REQUEST && code <= ControlPacket.TERMINATE_ACK && ending == null) {
            ending = new Ending(LinkEnd.NEGOTIATION_FAILED, "peer rejects LCP code " + code);
        }
        lcp(lcp.received(reject, raw, turn()));
    }

    private void protocolRejected(int protocol) {
        if (!lcp.isOpened()) {
            return;
        }
        Authenticator asker = authenticator;
        boolean authenticating = (asker != null && !asker.accepted()) || (self != null && !self.done());
        switch (protocol) {
            case PppProtocol.LCP, PppProtocol.IPCP, PppProtocol.IPV4 ->
                end(new Ending(LinkEnd.NEGOTIATION_FAILED, "peer rejects protocol 0x%04x".formatted(protocol)));
            case PppProtocol.PAP, PppProtocol.CHAP -> {
                if (authenticating) {
                    end(new Ending(LinkEnd.AUTHENTICATION_FAILED, "peer rejects the authentication protocol"));
                }
            }
            default -> {} // We have sent nothing else.
        }
    }

    private void unknownProtocol(PppFrame frame) {
        alive();
        if (lcp.isOpened()) {
            Bytes rejected = Turn.cut(frame.information(), mtu() - PROTOCOL_REJECT_HEADER);
            sendLcp(new ControlPacket.ProtocolReject(lcp.nextId(), frame.protocol(), rejected));
            lcp = lcp.withIdTaken();
        }
    }

    private void lcp(ControlProtocol.Step<LcpNegotiation> step) {
        lcp = step.protocol();
        for (Output output : step.outputs()) {
            switch (output) {
                case Output.Send(Bytes frame) -> outputs.add(new LinkOutput.SendFrame(frame));
                case Layer layer -> {
                    switch (layer) {
                        case UP -> lcpUp();
                        case DOWN -> lcpDown();
                        case STARTED -> {}
                        case FINISHED -> finished();
                    }
                }
            }
        }
        Ending failure = lcp.negotiation().failure();
        if (failure != null) {
            end(failure);
        }
    }

    private void lcpUp() {
        keepalive = keepalive.started(now);
        AuthenticationMethod theirs = lcp.negotiation().local().method();
        AuthenticationMethod ours = lcp.negotiation().peer().method();
        if (theirs != null || ours != null) {
            authenticationDeadline = now + settings.authenticationTimeout().toNanos();
        }
        if (theirs != null) {
            authenticator(Authenticator.begin(theirs, settings, takeChallengeId(), turn()));
        }
        if (ours != null && identity != null) {
            self(AuthenticatedEnd.begin(ours, settings, identity, takeChallengeId(), now));
        }
        networkWhenAuthenticated();
    }

    private void lcpDown() {
        keepalive = keepalive.stopped();
        authenticator = null;
        self = null;
        authenticationDeadline = Long.MAX_VALUE;
        if (question.outstanding()) {
            question = new Question(true, true, null);
        }
        ipcp(ipcp.on(Event.DOWN, turn()));
    }

    // ---------------------------------------------------------------- authentication

    private void papReceived(PapPacket packet) {
        alive();
        if (authenticator != null) {
            authenticator(authenticator.received(packet));
        }
        if (self != null) {
            self(self.received(packet));
        }
    }

    private void chapReceived(ChapPacket packet) {
        alive();
        if (authenticator != null) {
            authenticator(authenticator.received(packet));
        }
        if (self != null) {
            self(self.received(packet, turn()));
        }
    }

    private void authenticator(DialogueStep<Authenticator> step) {
        authenticator = step.dialogue();
        dialogue(step);
    }

    private void self(DialogueStep<AuthenticatedEnd> step) {
        self = step.dialogue();
        dialogue(step);
    }

    private void dialogue(DialogueStep<?> step) {
        step.frames().forEach(frame -> outputs.add(new LinkOutput.SendFrame(frame)));
        if (step.credentials() != null) {
            ask(step.credentials());
        }
        if (step.failure() != null) {
            end(new Ending(LinkEnd.AUTHENTICATION_FAILED, step.failure()));
        }
        networkWhenAuthenticated();
    }

    private void ask(Credentials credentials) {
        if (question.outstanding()) {
            question = new Question(true, true, credentials);
        } else {
            question = new Question(true, false, null);
            outputs.add(new LinkOutput.AuthenticationRequested(credentials));
        }
    }

    // ---------------------------------------------------------------- IPCP

    private void networkWhenAuthenticated() {
        boolean waiting = ipcp.state() == State.INITIAL || ipcp.state() == State.STARTING;
        if (!waiting || !lcp.isOpened() || ending != null || !authenticated()) {
            return;
        }
        authenticationDeadline = Long.MAX_VALUE;
        ipcp(ipcp.on(Event.OPEN, turn()));
        ipcp(ipcp.on(Event.UP, turn()));
    }

    private boolean authenticated() {
        AuthenticationMethod theirs = lcp.negotiation().local().method();
        AuthenticationMethod ours = lcp.negotiation().peer().method();
        return (theirs == null || (authenticator != null && authenticator.accepted()))
                && (ours == null || (self != null && self.done()));
    }

    private void ipcpReceived(ControlPacket packet, Bytes raw) {
        alive();
        if (lcp.isOpened()) {
            ipcp(ipcp.received(packet, raw, turn()));
        }
    }

    private void ipcp(ControlProtocol.Step<IpcpNegotiation> step) {
        ControlProtocol<IpcpNegotiation> before = ipcp;
        ipcp = step.protocol();
        for (Output output : step.outputs()) {
            switch (output) {
                case Output.Send(Bytes frame) -> outputs.add(new LinkOutput.SendFrame(frame));
                case Layer layer -> {
                    switch (layer) {
                        case UP -> networkUp();
                        case DOWN -> networkDown();
                        case STARTED -> {}
                        case FINISHED -> end(Ending.ofIpcp(before.state()));
                    }
                }
            }
        }
        int wished = ipcp.negotiation().wish().pending();
        if (wished != 0 && wished != before.negotiation().wish().pending()) {
            outputs.add(new LinkOutput.AddressWished(wished));
        }
        Ending failure = ipcp.negotiation().failure();
        if (failure != null) {
            end(failure);
        }
    }

    private void networkUp() {
        IpcpNegotiation agreed = ipcp.negotiation();
        if (agreed.local().address() == 0) {
            end(new Ending(LinkEnd.NEGOTIATION_FAILED, "peer assigns no address"));
            return;
        }
        networkUp = true;
        outputs.add(new LinkOutput.NetworkUp(lcp.negotiation().with(agreed)));
    }

    private void networkDown() {
        if (networkUp) {
            networkUp = false;
            String reason = ipcp.state() == State.STOPPING ? "peer closed IPCP" : "re-negotiation";
            outputs.add(new LinkOutput.NetworkDown(ending != null ? ending.reason() : reason));
        }
    }

    // ---------------------------------------------------------------- the link's life

    private void alive() {
        keepalive = keepalive.heard(now);
    }

    private void echo() {
        if (keepalive.dead()) {
            end(new Ending(LinkEnd.ECHO_TIMEOUT, keepalive.unanswered() + " Echo-Requests went unanswered"));
            finished(); // Nobody is there to answer the Terminate-Request.
            return;
        }
        keepalive = keepalive.asked(now);
        sendLcp(new ControlPacket.EchoRequest(
                lcp.nextId(), lcp.negotiation().local().magic(), Bytes.EMPTY));
        lcp = lcp.withIdTaken();
    }

    /** Terminates the link; the first reason counts. */
    private void end(Ending why) {
        if (ending == null && !over) {
            ending = why;
            lcp(lcp.on(Event.CLOSE, turn()));
        }
    }

    private void finished() {
        if (over) {
            return;
        }
        over = true;
        Ending why = ending != null ? ending : Ending.ofLcp(lcp.tally());
        outputs.add(new LinkOutput.LinkDown(why.cause(), why.reason()));
    }

    private boolean isOurs(long magic) {
        return magic != 0 && magic == lcp.negotiation().local().magic();
    }

    private void sendLcp(ControlPacket packet) {
        outputs.add(new LinkOutput.SendFrame(new PppFrame(PppProtocol.LCP, packet.encode()).encode()));
    }

    /** What the peer takes; until that is agreed, the default (RFC 1661 §6.1). */
    private int mtu() {
        return lcp.isOpened()
                ? Math.max(lcp.negotiation().peer().mru(), LcpNegotiation.LEAST_MRU)
                : LcpNegotiation.DEFAULT_MRU;
    }

    private Turn turn() {
        return new Turn(now, random, mtu());
    }

    private int takeChallengeId() {
        int id = nextChallengeId;
        nextChallengeId = (nextChallengeId + 1) & 0xff;
        return id;
    }
}
