package io.warren.control.tunnel;

import io.warren.control.Moment;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One end under test, its journal, and what it wanted done; the test speaks for the peer and moves the clock. */
final class Exchange {
    static final int OUR_TUNNEL = 700;
    static final int PEER_TUNNEL = 900;
    static final long SECOND = 1_000_000_000L;
    static final PeerPath PATH = path(40_000);
    static final TunnelSettings PLAIN = settings(null, false, 100, 50);

    final List<TunnelEvent> journal = new ArrayList<>();
    final List<TunnelEffect> effects = new ArrayList<>();
    final TunnelSettings settings;
    private final Random random = new Random(7);
    TunnelState state = new TunnelState.Idle(OUR_TUNNEL);
    long now = 1_000 * SECOND;
    int peerNs;
    int peerNr;
    boolean writable = true;

    Exchange(TunnelSettings settings) {
        this.settings = settings;
    }

    static Exchange plain() {
        return new Exchange(PLAIN);
    }

    static TunnelSettings settings(@Nullable String secret, boolean helloTolerant, int maxSessions, int maxInSetup) {
        return settings(secret, helloTolerant, maxSessions, maxInSetup, FailoverSettings.OFF);
    }

    static TunnelSettings settings(
            @Nullable String secret,
            boolean helloTolerant,
            int maxSessions,
            int maxInSetup,
            FailoverSettings failover) {
        return new TunnelSettings(
                "lns.example",
                "Warren",
                secret == null ? null : TunnelSecret.of(secret),
                false,
                8,
                RetransmitPolicy.RECOMMENDED,
                Duration.ofSeconds(60),
                helloTolerant,
                Duration.ofSeconds(20),
                maxSessions,
                maxInSetup,
                failover);
    }

    static PeerPath path(int port) {
        return new PeerPath(
                new Endpoint(Bytes.of((byte) 192, (byte) 0, (byte) 2, (byte) 1), 1701),
                new Endpoint(Bytes.of((byte) 192, (byte) 0, (byte) 2, (byte) 9), port));
    }

    /** The effects of this input alone. */
    List<TunnelEffect> decide(TunnelInput input) {
        TunnelDecision decision = TunnelDecider.decide(
                state, input, settings, new Moment(now, Instant.ofEpochSecond(now / SECOND), random), writable);
        state = decision.state();
        journal.addAll(decision.events());
        effects.addAll(decision.effects());
        for (ControlPacket sent : sent(decision.effects())) {
            if (!(sent.body() instanceof ZeroLengthBody)) {
                peerNr = Math.max(peerNr, sent.ns() + 1);
            }
        }
        return decision.effects();
    }

    /** The peer's next message, in order, acknowledging everything that we sent. */
    List<TunnelEffect> hear(int sessionId, ControlBody body) {
        return decide(new TunnelInput.Received(PATH, new ControlPacket(OUR_TUNNEL, sessionId, peerNs++, peerNr, body)));
    }

    List<TunnelEffect> hear(ControlBody body) {
        return hear(0, body);
    }

    List<TunnelEffect> hearSccrq(ControlMessage.Sccrq sccrq) {
        return decide(new TunnelInput.Received(PATH, new ControlPacket(0, 0, peerNs++, 0, sccrq)));
    }

    /** The peer acknowledges everything. */
    List<TunnelEffect> acknowledge() {
        return decide(
                new TunnelInput.Received(PATH, new ControlPacket(OUR_TUNNEL, 0, peerNs, peerNr, new ZeroLengthBody())));
    }

    List<TunnelEffect> tickAfter(Duration wait) {
        now += wait.toNanos();
        return decide(new TunnelInput.Tick());
    }

    /** Runs the clock from deadline to deadline. */
    void runFor(Duration span) {
        long end = now + span.toNanos();
        while (TunnelDecider.deadline(state) <= end) {
            now = Math.max(now, TunnelDecider.deadline(state));
            decide(new TunnelInput.Tick());
        }
        now = end;
    }

    /** What recovery would make of the journal. */
    TunnelState recovered() {
        TunnelState replayed = new TunnelState.Idle(OUR_TUNNEL);
        for (TunnelEvent event : journal) {
            replayed = TunnelDecider.evolve(replayed, event);
        }
        return replayed;
    }

    Exchange establishedAsResponder() {
        hearSccrq(sccrq(null, null));
        hear(new ControlMessage.Scccn(null, List.of()));
        return this;
    }

    Exchange establishedAsInitiator() {
        decide(new TunnelInput.Open(PATH));
        hear(sccrp(null, null));
        acknowledge();
        return this;
    }

    /** @return our session id */
    int callFromPeer(int peerSessionId) {
        return startedCall(hear(icrq(peerSessionId))).key().sessionId();
    }

    static CallOffer startedCall(List<TunnelEffect> effects) {
        return effects.stream()
                .filter(TunnelEffect.StartCall.class::isInstance)
                .map(effect -> ((TunnelEffect.StartCall) effect).call())
                .findFirst()
                .orElseThrow();
    }

    static List<ControlPacket> sent(List<TunnelEffect> effects) {
        List<ControlPacket> packets = new ArrayList<>();
        for (TunnelEffect effect : effects) {
            if (effect instanceof TunnelEffect.Transmit(PeerPath path, Bytes datagram)) {
                try {
                    packets.add(L2tpCodec.decode(datagram.toByteArray(), TunnelSecret.of("secret")));
                } catch (WireException e) {
                    throw new AssertionError("sent to " + path, e);
                }
            }
        }
        return packets;
    }

    /** The bodies of what was sent, without ZLBs. */
    static List<ControlBody> said(List<TunnelEffect> effects) {
        return sent(effects).stream()
                .map(ControlPacket::body)
                .filter(body -> !(body instanceof ZeroLengthBody))
                .toList();
    }

    static List<String> dropped(List<TunnelEffect> effects) {
        return effects.stream()
                .filter(TunnelEffect.Dropped.class::isInstance)
                .map(effect -> ((TunnelEffect.Dropped) effect).reason())
                .toList();
    }

    static ControlMessage.Sccrq sccrq(@Nullable Bytes challenge, @Nullable Bytes tieBreaker) {
        return new ControlMessage.Sccrq(
                0x0100, "lac", 3, PEER_TUNNEL, null, 8, challenge, tieBreaker, null, null, null, null, List.of());
    }

    static ControlMessage.Sccrp sccrp(@Nullable Bytes challenge, @Nullable Bytes response) {
        return new ControlMessage.Sccrp(
                0x0100, "lns", 3, PEER_TUNNEL, null, 8, challenge, response, null, null, null, null, List.of());
    }

    static ControlMessage.Icrq icrq(int peerSessionId) {
        return new ControlMessage.Icrq(
                peerSessionId, 5_000 + peerSessionId, null, null, null, null, null, AccessLine.NONE, List.of());
    }

    static ControlMessage.Iccn iccn() {
        return new ControlMessage.Iccn(
                100_000_000, 1, null, null, null, null, null, null, false, AccessLine.NONE, List.of());
    }

    static ControlMessage.Cdn cdn(int assignedSessionId) {
        return new ControlMessage.Cdn(ResultCode.of(3), assignedSessionId, null, null, List.of());
    }

    static ControlMessage.StopCcn stopCcn() {
        return new ControlMessage.StopCcn(PEER_TUNNEL, ResultCode.of(1), List.of());
    }

    static ControlMessage.Sli sli() {
        return new ControlMessage.Sli(0, 0, List.of());
    }
}
