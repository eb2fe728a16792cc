package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.tunnel.ControlConnection.Peer;
import io.warren.control.tunnel.ControlConnection.Timers;
import io.warren.control.tunnel.TunnelEvent.Outgoing;
import io.warren.control.tunnel.TunnelEvent.TunnelEstablished;
import io.warren.control.tunnel.TunnelEvent.TunnelOffered;
import io.warren.control.tunnel.TunnelEvent.TunnelRequested;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.ChallengeResponse;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** SCCRQ, SCCRP, SCCCN: what makes them acceptable (RFC 2661 §4.4.3, §5.1, §7.2.1), and ours. */
final class Greeting {
    /** Version 1, revision 0. */
    static final int PROTOCOL_VERSION = 0x0100;

    /** The window of a peer that sends no Receive Window Size AVP. */
    static final int DEFAULT_WINDOW = 4;

    /** More than any peer needs, and far from half of the number space. */
    private static final int LARGEST_WINDOW = 1_024;

    /** Framing Capabilities: synchronous and asynchronous. */
    private static final long ANY_FRAMING = 3;

    private static final int CHALLENGE_LENGTH = 16;
    private static final int TIE_BREAKER_LENGTH = 8;
    private static final int OUT_OF_RANGE = 3;

    /** StopCCN 2, error 4: insufficient resources now (RFC 2661 §4.4.2). */
    static final ResultCode NOT_NOW = ResultCode.error(4, "no new tunnels for the moment");

    private Greeting() {}

    /** idle, local open request: send SCCRQ. */
    static void request(Turn turn, PeerPath path) {
        TunnelSettings settings = turn.settings;
        Bytes tieBreaker = turn.randomBytes(TIE_BREAKER_LENGTH);
        Bytes challenge = challenge(turn);
        int tunnelId = turn.state().tunnelId();
        Bytes body = turn.encoded(new Sccrq(
                PROTOCOL_VERSION,
                settings.hostName(),
                ANY_FRAMING,
                tunnelId,
                null,
                settings.receiveWindow(),
                challenge,
                tieBreaker,
                null,
                settings.vendorName(),
                settings.failover().offered(),
                null,
                List.of()));
        Outgoing sccrq = new Outgoing(0, 0, 0, 0, body);
        turn.commit(new TunnelRequested(turn.moment.wall(), tunnelId, path, tieBreaker, challenge, sccrq));
        turn.update(Timers.setup(turn.in(settings.setupTimeout())));
    }

    /** idle, receive SCCRQ: send SCCRP, or a StopCCN that leaves no state behind. */
    static void answer(Turn turn, PeerPath path, ControlPacket packet, Sccrq sccrq) {
        if (packet.ns() != 0 || packet.nr() != 0) {
            turn.dropped("sccrq-not-first");
            return;
        }
        ResultCode refusal = turn.writable
                ? whyNot(turn.settings, sccrq.protocolVersion(), sccrq.receiveWindowSize(), sccrq.challenge())
                : NOT_NOW;
        if (refusal != null) {
            refuse(turn, path, sccrq.assignedTunnelId(), packet, refusal);
            return;
        }
        Bytes challenge = challenge(turn);
        int tunnelId = turn.state().tunnelId();
        FailoverCapability theirs = sccrq.failoverCapability();
        FailoverCapability ours = turn.settings.failover().answered(theirs);
        Bytes body = turn.encoded(sccrp(turn, tunnelId, challenge, sccrq.challenge(), ours, null));
        turn.commit(new TunnelOffered(
                turn.moment.wall(),
                tunnelId,
                sccrq.assignedTunnelId(),
                path,
                sccrq.hostName(),
                sccrq.vendorName(),
                window(sccrq.receiveWindowSize()),
                sccrq.tieBreaker(),
                challenge,
                new Outgoing(0, 1, 0, 0, body),
                FailoverSettings.agreed(ours, theirs)));
        turn.update(Timers.setup(turn.in(turn.settings.setupTimeout())));
    }

    /** Ours to whoever must prove that he knows the secret; null without one. */
    static @Nullable Bytes challenge(Turn turn) {
        return turn.settings.secret() == null ? null : turn.randomBytes(CHALLENGE_LENGTH);
    }

    static Sccrp sccrp(
            Turn turn,
            int tunnelId,
            @Nullable Bytes challenge,
            @Nullable Bytes theirChallenge,
            @Nullable FailoverCapability failover,
            @Nullable ControlSequence suggested) {
        return new Sccrp(
                PROTOCOL_VERSION,
                turn.settings.hostName(),
                ANY_FRAMING,
                tunnelId,
                null,
                turn.settings.receiveWindow(),
                challenge,
                response(MessageType.SCCRP, turn.settings.secret(), theirChallenge),
                null,
                turn.settings.vendorName(),
                failover,
                suggested,
                List.of());
    }

    /** A StopCCN to somebody with whom there is no tunnel. A repeated request gets it again, for the same reason. */
    static void refuse(Turn turn, PeerPath path, int peerTunnelId, ControlPacket packet, ResultCode result) {
        int tunnelId = turn.state().tunnelId();
        Bytes body = turn.encoded(new StopCcn(tunnelId, result, List.of()));
        turn.answerStateless(path, peerTunnelId, packet.nr(), (packet.ns() + 1) & 0xffff, body);
        turn.dropped("tunnel-refused");
    }

    /** wait-ctl-reply, receive SCCRP: send SCCCN, or StopCCN. */
    static void confirm(Turn turn, ControlPacket packet, Sccrp sccrp) {
        turn.handled(packet.ns());
        ControlConnection connection = turn.connection();
        turn.update(connection.with(connection.peer().withTunnelId(sccrp.assignedTunnelId())));
        ResultCode refusal =
                whyNot(turn.settings, sccrp.protocolVersion(), sccrp.receiveWindowSize(), sccrp.challenge());
        if (refusal == null) {
            refusal = whyNotAuthentic(
                    turn.settings, MessageType.SCCRP, connection.challenge(), sccrp.challengeResponse());
        }
        if (refusal != null) {
            turn.stop("local", refusal);
            return;
        }
        Bytes response = response(MessageType.SCCCN, turn.settings.secret(), sccrp.challenge());
        Outgoing scccn = turn.outgoing(0, new Scccn(response, List.of()));
        turn.commit(new TunnelEstablished(
                turn.moment.wall(),
                sccrp.assignedTunnelId(),
                turn.connection().peer().path(),
                sccrp.hostName(),
                sccrp.vendorName(),
                window(sccrp.receiveWindowSize()),
                scccn,
                FailoverSettings.agreed(turn.settings.failover().offered(), sccrp.failoverCapability())));
        established(turn);
    }

    /** wait-ctl-conn, receive SCCCN: established, or StopCCN. */
    static void complete(Turn turn, ControlPacket packet, Scccn scccn) {
        ControlConnection connection = turn.connection();
        ResultCode refusal =
                whyNotAuthentic(turn.settings, MessageType.SCCCN, connection.challenge(), scccn.challengeResponse());
        if (refusal != null) {
            turn.handled(packet.ns());
            turn.stop("local", refusal);
            return;
        }
        Peer peer = connection.peer();
        turn.commit(new TunnelEstablished(
                turn.moment.wall(),
                peer.tunnelId(),
                peer.path(),
                peer.hostName(),
                peer.vendorName(),
                connection.channel().peerWindow(),
                null,
                peer.failover()));
        turn.handled(packet.ns());
        established(turn);
    }

    /** Starts what runs in the established state. */
    static void established(Turn turn) {
        turn.update(Timers.established(
                helloAt(turn), turn.in(turn.settings.retransmit().cycle())));
    }

    static long helloAt(Turn turn) {
        return turn.settings.helloInterval().isZero() ? Long.MAX_VALUE : turn.in(turn.settings.helloInterval());
    }

    static @Nullable ResultCode whyNot(
            TunnelSettings settings, int version, @Nullable Integer window, @Nullable Bytes challenge) {
        if (version != PROTOCOL_VERSION) {
            return new ResultCode(5, PROTOCOL_VERSION, "protocol version 1.0 is spoken here");
        }
        if (window != null && window == 0) {
            return ResultCode.error(OUT_OF_RANGE, "Receive Window Size is 0");
        }
        if (challenge != null && settings.secret() == null) {
            return new ResultCode(4, 0, "a challenge cannot be answered: no tunnel secret is configured");
        }
        return null;
    }

    static @Nullable ResultCode whyNotAuthentic(
            TunnelSettings settings, MessageType carrier, @Nullable Bytes challenge, @Nullable Bytes response) {
        if (challenge == null) {
            return null;
        }
        TunnelSecret secret = settings.secret();
        if (secret == null) {
            return new ResultCode(4, 0, "the tunnel secret was removed while the tunnel was being set up");
        }
        if (response == null) {
            return new ResultCode(4, 0, "the challenge was not answered");
        }
        boolean matches = ChallengeResponse.matches(ChallengeResponse.compute(carrier, secret, challenge), response);
        return matches ? null : new ResultCode(4, 0, "the challenge was answered wrongly");
    }

    private static @Nullable Bytes response(
            MessageType carrier, @Nullable TunnelSecret secret, @Nullable Bytes challenge) {
        return secret == null || challenge == null ? null : ChallengeResponse.compute(carrier, secret, challenge);
    }

    static int window(@Nullable Integer advertised) {
        return advertised == null ? DEFAULT_WINDOW : Math.min(advertised, LARGEST_WINDOW);
    }
}
