package io.warren.ppp;

import io.warren.ppp.ControlProtocol.Layer;
import io.warren.ppp.ControlProtocol.Output;
import io.warren.ppp.TransitionTable.Event;
import io.warren.ppp.TransitionTable.State;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One input to a {@link PppLink}, being worked out: LCP, then authentication, then the network. Lives for that input only. */
final class LinkTurn {
    /** Control packets and authentication fit into the default MRU (RFC 1661 §6.1); the rest is Address to protocol. */
    private static final int LONGEST_FRAME = LcpNegotiation.DEFAULT_MRU + 4;

    /** Octets of an Echo-Reply or a Protocol-Reject before its data. */
    private static final int ECHO_HEADER = 8;

    private static final int PROTOCOL_REJECT_HEADER = 6;

    private final LinkSettings settings;
    private final long now;
    private final RandomGenerator random;
    private final List<LinkOutput> outputs = new ArrayList<>();

    private ControlProtocol<LcpNegotiation> lcp;
    private final NetworkTurn network;
    private final AuthenticationTurn authentication;
    private Keepalive keepalive;
    private @Nullable Ending ending;
    private boolean heard;
    private boolean over;

    LinkTurn(LinkState from, long now, RandomGenerator random) {
        this.now = now;
        this.random = random;
        settings = from.settings();
        lcp = from.lcp();
        keepalive = from.keepalive();
        ending = from.ending();
        heard = from.heard();
        over = from.over();
        Link link = new Link();
        network = new NetworkTurn(from.network(), settings, outputs, link);
        authentication = new AuthenticationTurn(from, now, outputs, link);
    }

    LinkState state() {
        return new LinkState(
                settings,
                authentication.identity(),
                lcp,
                network.layer(),
                authentication.authenticator(),
                authentication.self(),
                authentication.question(),
                authentication.deadline(),
                authentication.nextChallengeId(),
                keepalive,
                ending,
                heard,
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

    /** No LCP packet leaves when the LAC has negotiated for us. */
    void lowerUp(ProxiedLcp proxied) {
        LcpNegotiation agreed = proxied.agreed();
        authentication.challengeFrom(proxied.nextChallengeId());
        if (agreed == null || over || lcp.state() != State.INITIAL) {
            lowerUp();
            return;
        }
        lcp = ControlProtocol.opened(PppProtocol.LCP, settings, agreed);
        heard = true;
        lcpUp(proxied);
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
                case PppProtocol.IPCP, PppProtocol.IPV6CP, PppProtocol.IPV6 -> networkReceived(frame);
                case PppProtocol.PAP -> {
                    PapPacket packet = PapPacket.decode(information);
                    alive();
                    authentication.received(packet);
                }
                case PppProtocol.CHAP -> {
                    ChapPacket packet = ChapPacket.decode(information);
                    alive();
                    authentication.received(packet);
                }
                case PppProtocol.EAP -> {
                    EapPacket packet = EapPacket.decode(information);
                    alive();
                    authentication.received(packet);
                }
                case PppProtocol.IPV4 -> alive();
                case PppProtocol.CCP, PppProtocol.COMPRESSED -> compressionReceived(frame);
                default -> unknownProtocol(frame);
            }
        } catch (WireException malformed) {
            // Silently discarded (RFC 1661 §5); it is not even a sign of life.
        }
    }

    void authenticated(AuthenticationOutcome outcome) {
        if (!over) {
            authentication.decided(outcome);
        }
    }

    void addressDecided(int address, boolean granted) {
        if (!over) {
            network.addressDecided(address, granted);
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
        network.tick();
        authentication.tick();
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
        switch (protocol) {
            case PppProtocol.LCP -> end(Ending.ofRejected(protocol));
            case PppProtocol.IPCP,
                    PppProtocol.IPV4,
                    PppProtocol.IPV6CP,
                    PppProtocol.IPV6,
                    PppProtocol.CCP,
                    PppProtocol.COMPRESSED -> network.rejected(protocol);
            case PppProtocol.PAP, PppProtocol.CHAP, PppProtocol.EAP -> {
                if (authentication.isUnderWay()) {
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
                        case UP -> lcpUp(null);
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

    private void lcpUp(@Nullable ProxiedLcp proxied) {
        keepalive = keepalive.started(now);
        authentication.begin(proxied);
        networkWhenAuthenticated();
    }

    private void lcpDown() {
        keepalive = keepalive.stopped();
        authentication.lowerDown();
        network.lowerDown();
    }

    // ---------------------------------------------------------------- the network control protocols

    private void networkWhenAuthenticated() {
        PeerDialogue self = authentication.self();
        if (self != null && self.done()) {
            network.admitted(self.mppe());
        }
        if (network.waits() && lcp.isOpened() && ending == null && authentication.isPassed()) {
            authentication.over();
            network.start();
        }
    }

    private void networkReceived(PppFrame frame) throws WireException {
        if (frame.protocol() != PppProtocol.IPCP && !network.speaksIpv6()) {
            unknownProtocol(frame);
            return;
        }
        ControlPacket packet = frame.protocol() == PppProtocol.IPV6 ? null : ControlPacket.decode(frame.information());
        alive();
        if (!lcp.isOpened()) {
            return;
        }
        if (packet instanceof ControlPacket.ConfigureRequest) {
            authentication.networkBegun();
        }
        if (packet == null) {
            network.packetReceived(frame.information());
        } else if (frame.protocol() == PppProtocol.IPCP) {
            network.ipcpReceived(packet, frame.information());
        } else {
            network.ipv6cpReceived(packet, frame.information());
        }
    }

    /** What is encrypted or compressed comes here when the data plane could not open it, or from before a restart: it is a sign of life. */
    private void compressionReceived(PppFrame frame) throws WireException {
        if (!settings.speaksCcp()) {
            unknownProtocol(frame);
            return;
        }
        ControlPacket packet =
                frame.protocol() == PppProtocol.COMPRESSED ? null : ControlPacket.decode(frame.information());
        alive();
        if (!lcp.isOpened() || !authentication.isPassed()) {
            return;
        }
        if (packet == null) {
            network.compressedReceived();
        } else if (!network.ccpReceived(packet, frame.information())) {
            unknownProtocol(frame);
        }
    }

    /** The link, as its network control protocols see it. */
    private final class Link implements AuthenticationTurn.Around {
        @Override
        public LcpNegotiation lcp() {
            return lcp.negotiation();
        }

        @Override
        public @Nullable Ending ending() {
            return ending;
        }

        @Override
        public Turn turn() {
            return LinkTurn.this.turn();
        }

        @Override
        public void granted(AuthenticationOutcome.Accepted outcome) {
            network.granted(outcome);
        }

        @Override
        public void moved() {
            networkWhenAuthenticated();
        }

        @Override
        public void end(Ending why) {
            LinkTurn.this.end(why);
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
}
