package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.reliable.Segment;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.FailoverCapability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePVector;

/**
 * What the journal of a tunnel amounts to, stored in place of a long one: a tunnel may live for months and see a
 * million calls.
 *
 * @param state the RFC's word for it
 * @param ns, nr, oldestUnacked the numbers, as in {@link TunnelEvent.NumbersNoted}
 * @param failover as in {@link TunnelEvent.TunnelOffered}
 * @param recovery a recovery tunnel that waits for its SCCCN
 * @param unacked our messages that the peer may not have acknowledged
 */
public record TunnelSnapshot(
        Instant since,
        String state,
        Role role,
        int tunnelId,
        int peerTunnelId,
        PeerPath path,
        String peerHostName,
        @Nullable String peerVendorName,
        int peerReceiveWindow,
        @Nullable Bytes tieBreaker,
        @Nullable Bytes challenge,
        int ns,
        int nr,
        int oldestUnacked,
        List<TunnelEvent.Outgoing> unacked,
        List<CallOffer> calls,
        @Nullable FailoverCapability failover,
        TunnelEvent.@Nullable RecoveryOffered recovery) {
    public TunnelSnapshot {
        unacked = List.copyOf(unacked);
        calls = List.copyOf(calls);
    }

    /** Of a state that is not idle: an idle tunnel has no journal. */
    public static TunnelSnapshot of(TunnelState state) {
        ControlConnection connection = state.connection();
        if (connection == null) {
            throw new IllegalArgumentException("an idle tunnel has nothing to be kept");
        }
        ReliableChannel channel = connection.channel();
        List<TunnelEvent.Outgoing> unacked = new ArrayList<>();
        for (Segment segment : channel.backlogSegments()) {
            unacked.add(new TunnelEvent.Outgoing(
                    segment.ns(), channel.nr(), channel.oldestUnacked(), segment.sessionId(), segment.body()));
        }
        ControlConnection.Peer peer = connection.peer();
        RecoveryTunnel recovery = connection.recovery();
        boolean offered = recovery != null && recovery.phase() == RecoveryTunnel.Phase.OFFERED;
        return new TunnelSnapshot(
                connection.since(),
                state.name(),
                connection.role(),
                connection.tunnelId(),
                peer.tunnelId(),
                peer.path(),
                peer.hostName(),
                peer.vendorName(),
                channel.peerWindow(),
                connection.tieBreaker(),
                connection.challenge(),
                channel.nextNs(),
                channel.nr(),
                channel.oldestUnacked(),
                unacked,
                connection.calls().all().stream().map(Call::offer).toList(),
                peer.failover(),
                recovery != null && offered ? recovery.offer() : null);
    }

    /** The state that the journal up to here leads to. */
    public TunnelState restore() {
        List<Segment> segments = unacked.stream()
                .map(sent -> new Segment(sent.ns(), sent.nr(), sent.sessionId(), sent.body()))
                .toList();
        CallTable table = CallTable.EMPTY;
        for (CallOffer call : calls) {
            table = table.plus(Call.of(call));
        }
        ControlConnection connection = new ControlConnection(
                since,
                role,
                tunnelId,
                new ControlConnection.Peer(peerTunnelId, path, peerHostName, peerVendorName, failover),
                tieBreaker,
                challenge,
                ReliableChannel.restored(ns, nr, oldestUnacked, peerReceiveWindow, segments),
                table,
                new ControlConnection.Noted(ns, nr),
                ControlConnection.Timers.NONE,
                TreePVector.empty(),
                recovery == null ? null : RecoveryTunnel.begin(recovery));
        return switch (state) {
            case "wait-ctl-reply" -> new TunnelState.WaitCtlReply(connection);
            case "wait-ctl-conn" -> new TunnelState.WaitCtlConn(connection);
            case "established" -> new TunnelState.Established(connection);
            default -> new TunnelState.Closed(connection);
        };
    }
}
