package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.tunnel.ControlConnection.Noted;
import io.warren.control.tunnel.ControlConnection.Peer;
import io.warren.control.tunnel.TunnelEvent.CallEnded;
import io.warren.control.tunnel.TunnelEvent.CallOffered;
import io.warren.control.tunnel.TunnelEvent.CallRefused;
import io.warren.control.tunnel.TunnelEvent.MessageSent;
import io.warren.control.tunnel.TunnelEvent.NumbersNoted;
import io.warren.control.tunnel.TunnelEvent.Outgoing;
import io.warren.control.tunnel.TunnelEvent.RecoveryEnded;
import io.warren.control.tunnel.TunnelEvent.RecoveryOffered;
import io.warren.control.tunnel.TunnelEvent.TunnelClosed;
import io.warren.control.tunnel.TunnelEvent.TunnelEstablished;
import io.warren.control.tunnel.TunnelEvent.TunnelOffered;
import io.warren.control.tunnel.TunnelEvent.TunnelRecovered;
import io.warren.control.tunnel.TunnelEvent.TunnelRequested;
import io.warren.wire.l2tp.SequenceNumber;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each event of the journal does to the state. Knows no time and no settings. */
final class TunnelHistory {
    private TunnelHistory() {}

    static TunnelState evolve(TunnelState state, TunnelEvent event) {
        return switch (event) {
            case TunnelOffered offered -> new TunnelState.WaitCtlConn(begin(offered));
            case TunnelRequested requested -> new TunnelState.WaitCtlReply(begin(requested));
            case TunnelEstablished established ->
                after(state, known -> new TunnelState.Established(establish(known, established)));
            case TunnelClosed closed -> after(state, known -> new TunnelState.Closed(close(known, closed)));
            case CallOffered offered ->
                after(state, known -> state.with(sent(offer(known, offered), offered.message())));
            case CallRefused refused -> after(state, known -> state.with(sent(known, refused.cdn())));
            case MessageSent sent -> after(state, known -> state.with(sent(answer(known, sent), sent.message())));
            case CallEnded ended -> after(state, known -> state.with(sent(end(known, ended), ended.cdn())));
            case RecoveryOffered offered ->
                after(state, known -> state.with(known.recovering(RecoveryTunnel.begin(offered))));
            case TunnelRecovered recovered -> after(state, known -> state.with(recover(known, recovered)));
            case RecoveryEnded ended -> after(state, known -> state.with(endRecovery(known, ended)));
            case NumbersNoted noted -> after(state, known -> state.with(note(known, noted)));
        };
    }

    /** An event that presupposes a tunnel, in a journal without one, changes nothing. */
    private static TunnelState after(TunnelState state, Function<ControlConnection, TunnelState> change) {
        ControlConnection known = state.connection();
        return known == null ? state : change.apply(known);
    }

    private static ControlConnection begin(TunnelOffered event) {
        Peer peer = new Peer(
                event.peerTunnelId(), event.path(), event.peerHostName(), event.peerVendorName(), event.failover());
        ReliableChannel channel = ReliableChannel.start().withPeerWindow(event.peerReceiveWindow());
        return sent(
                ControlConnection.begin(
                        event.at(),
                        Role.RESPONDER,
                        event.tunnelId(),
                        peer,
                        event.tieBreaker(),
                        event.challenge(),
                        channel),
                event.sccrp());
    }

    private static ControlConnection begin(TunnelRequested event) {
        Peer peer = new Peer(0, event.path(), "", null, null);
        return sent(
                ControlConnection.begin(
                        event.at(),
                        Role.INITIATOR,
                        event.tunnelId(),
                        peer,
                        event.tieBreaker(),
                        event.challenge(),
                        ReliableChannel.start()),
                event.sccrq());
    }

    private static ControlConnection establish(ControlConnection connection, TunnelEstablished event) {
        PeerPath path = event.path();
        Peer peer =
                new Peer(event.peerTunnelId(), path, event.peerHostName(), event.peerVendorName(), event.failover());
        ReliableChannel channel = connection.channel().withPeerWindow(event.peerReceiveWindow());
        Outgoing scccn = event.scccn();
        return scccn == null
                ? connection.with(peer).with(channel.journalledNextHandled())
                : sent(connection.with(peer).with(channel), scccn);
    }

    private static ControlConnection close(ControlConnection connection, TunnelClosed event) {
        Outgoing stopCcn = event.stopCcn();
        ControlConnection last = connection.recovering(null);
        return stopCcn == null ? last.with(last.channel().abandoned()) : sent(last, stopCcn);
    }

    private static ControlConnection offer(ControlConnection connection, CallOffered event) {
        return connection.with(connection.calls().plus(Call.of(event.call())));
    }

    private static ControlConnection end(ControlConnection connection, CallEnded event) {
        return connection.with(connection.calls().minus(event.sessionId()));
    }

    /** What was under way is forgotten, so no session has anything to confirm any more. */
    private static ControlConnection recover(ControlConnection connection, TunnelRecovered event) {
        RecoveryTunnel recovery = connection.recovery();
        return connection
                .with(connection.channel().renumbered(event.ns(), event.nr()))
                .with(connection.calls().withoutUnconfirmed())
                .with(new Noted(event.ns(), event.nr()))
                .recovering(recovery == null ? null : recovery.complete());
    }

    private static ControlConnection endRecovery(ControlConnection connection, RecoveryEnded event) {
        RecoveryTunnel recovery = connection.recovery();
        return recovery != null && recovery.tunnelId() == event.recoveryTunnelId()
                ? connection.recovering(null)
                : connection;
    }

    private static ControlConnection note(ControlConnection connection, NumbersNoted event) {
        ReliableChannel channel = connection.channel().journalled(event.ns(), event.nr(), event.oldestUnacked());
        return connection.with(channel).with(new Noted(event.ns(), event.nr()));
    }

    /** The first message of ours that names the peer's id of a call shows that it was answered. */
    private static ControlConnection answer(ControlConnection connection, MessageSent event) {
        Call call = connection.calls().get(event.sessionId());
        int peerId = event.message().sessionId();
        return call == null || peerId == 0 || call.offer().peerSessionId() != 0
                ? connection
                : connection.with(connection.calls().plus(call.answeredBy(peerId)));
    }

    private static ControlConnection sent(ControlConnection connection, @Nullable Outgoing message) {
        if (message == null) {
            return connection;
        }
        ReliableChannel channel = connection
                .channel()
                .journalled(message.ns(), message.nr(), message.oldestUnacked(), message.sessionId(), message.body());
        return connection.with(channel).with(new Noted(SequenceNumber.next(message.ns()), message.nr()));
    }
}
