package io.warren.control.tunnel;

import static io.warren.control.tunnel.Exchange.OUR_TUNNEL;
import static io.warren.control.tunnel.Exchange.PATH;
import static io.warren.control.tunnel.Exchange.PEER_TUNNEL;
import static io.warren.control.tunnel.Exchange.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.PeerPath;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ChallengeResponse;
import io.warren.wire.l2tp.ControlBody;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.TunnelSecret;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a peer that fails says to the end under test (RFC 4951). */
final class FailingPeer {
    static final int RECOVERY = 701;
    static final int PEER_RECOVERY = 901;
    static final FailoverCapability THEIRS = new FailoverCapability(true, true, 60_000);
    static final FailoverSettings ANSWER = new FailoverSettings(FailoverSettings.Use.ANSWER, Duration.ofMinutes(5));
    static final Duration CYCLE = Exchange.PLAIN.retransmit().cycle();

    private FailingPeer() {}

    static Exchange exchange(FailoverSettings failover, @Nullable String secret) {
        return new Exchange(Exchange.settings(secret, false, 500, 500, failover));
    }

    static Exchange established(@Nullable FailoverCapability theirs) {
        return established(exchange(ANSWER, null), theirs);
    }

    static Exchange established(Exchange exchange, @Nullable FailoverCapability theirs) {
        Sccrp sccrp = (Sccrp) said(exchange.hearSccrq(sccrq(PEER_TUNNEL, "lac", null, theirs, null)))
                .getFirst();
        exchange.hear(scccn(sccrp));
        return exchange;
    }

    static Scccn scccn(Sccrp sccrp) {
        Bytes challenge = sccrp.challenge();
        return new Scccn(
                challenge == null
                        ? null
                        : ChallengeResponse.compute(MessageType.SCCCN, TunnelSecret.of("secret"), challenge),
                List.of());
    }

    static Sccrq sccrq(
            int assignedTunnelId,
            String hostName,
            @Nullable Bytes challenge,
            @Nullable FailoverCapability capability,
            @Nullable TunnelRecovery recovery) {
        return new Sccrq(
                0x0100,
                hostName,
                3,
                assignedTunnelId,
                null,
                8,
                challenge,
                null,
                null,
                null,
                capability,
                recovery,
                List.of());
    }

    static Sccrq recoverySccrq() {
        return sccrq(PEER_RECOVERY, "lac", null, null, new TunnelRecovery(PEER_TUNNEL, OUR_TUNNEL));
    }

    static List<TunnelEffect> recover(Exchange exchange, PeerPath path, Sccrq sccrq) {
        return exchange.decide(new TunnelInput.Recover(path, new ControlPacket(0, 0, 0, 0, sccrq), RECOVERY));
    }

    static Sccrp answered(List<TunnelEffect> effects) {
        return (Sccrp) said(effects).getFirst();
    }

    static List<TunnelEffect> inRecovery(Exchange exchange, int ns, int nr, ControlBody body) {
        return exchange.decide(new TunnelInput.Received(PATH, new ControlPacket(RECOVERY, 0, ns, nr, body)));
    }

    /** The peer goes on with the numbers that it was told. */
    static List<TunnelEffect> complete(Exchange exchange, Sccrp sccrp) {
        ControlSequence suggested = sccrp.suggestedSequence();
        assertThat(suggested).isNotNull();
        List<TunnelEffect> effects = inRecovery(exchange, 1, 1, scccn(sccrp));
        exchange.peerNs = suggested.ns();
        exchange.peerNr = Math.max(
                suggested.nr(),
                Exchange.sent(effects).stream()
                        .filter(packet -> packet.tunnelId() == PEER_TUNNEL)
                        .filter(packet -> !(packet.body() instanceof ZeroLengthBody))
                        .mapToInt(packet -> packet.ns() + 1)
                        .max()
                        .orElse(0));
        return effects;
    }

    static int establishedCall(Exchange exchange, int peerSessionId) {
        int call = exchange.callFromPeer(peerSessionId);
        int ns = exchange.peerNs;
        exchange.hear(call, Exchange.iccn());
        exchange.decide(new TunnelInput.Handled(ns));
        return call;
    }

    /** What a failed attempt must leave as it was. */
    record Numbers(int ns, int nr, Set<Integer> sessions) {
        static Numbers of(Exchange exchange) {
            return new Numbers(exchange.state.ns(), exchange.state.nr(), exchange.state.sessionIds());
        }
    }
}
