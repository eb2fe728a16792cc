package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Cdn;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrp;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;

/** Packets from the network: the table of RFC 2661 §7.2.1, row by row. Calls are at the {@link CallDesk}. */
final class Reception {
    private static final int UNKNOWN_MANDATORY = 8;
    private static final int NO_CONTROL_CONNECTION = 1;
    private static final ResultCode STATE_MACHINE_ERROR = new ResultCode(7, 0, "message out of place");

    private Reception() {}

    static void receive(Turn turn, PeerPath path, ControlPacket packet) {
        if (packet.tunnelId() != 0 && packet.tunnelId() != turn.state().tunnelId()) {
            toOtherId(turn, path, packet);
            return;
        }
        if (packet.body() instanceof Sccrq sccrq && sccrq.tunnelRecovery() != null) {
            // Nobody has found an id for the recovery tunnel; the peer repeats it.
            turn.dropped("recovery-not-now");
            return;
        }
        switch (turn.state()) {
            case TunnelState.Idle _ -> inIdle(turn, path, packet);
            case TunnelState.WaitCtlReply _ -> {
                if (packet.body() instanceof Sccrq theirs && packet.tunnelId() == 0) {
                    crossed(turn, theirs);
                } else {
                    learnAndTake(turn, path, packet);
                }
            }
            case TunnelState.WaitCtlConn _ -> learnAndTake(turn, path, packet);
            case TunnelState.Established _ -> {
                if (fromElsewhere(turn, path)) {
                    turn.dropped("wrong-source");
                } else if (beginsAnew(turn, packet) && !turn.writable && packet.body() instanceof Sccrq again) {
                    Greeting.refuse(turn, path, again.assignedTunnelId(), packet, Greeting.NOT_NOW);
                } else if (beginsAnew(turn, packet)) {
                    turn.vanish("peer-restarted", ResultCode.of(1));
                    turn.effect(new TunnelEffect.Stop());
                } else {
                    take(turn, packet);
                }
            }
            case TunnelState.Closed _ -> inClosed(turn, path, packet);
        }
    }

    private static void toOtherId(Turn turn, PeerPath path, ControlPacket packet) {
        ControlConnection connection = turn.state().connection();
        RecoveryTunnel recovery = connection == null ? null : connection.recovery();
        if (recovery != null && recovery.tunnelId() == packet.tunnelId()) {
            Failover.receive(turn, recovery, path, packet);
        } else {
            turn.dropped("not-this-tunnel");
        }
    }

    private static void inIdle(Turn turn, PeerPath path, ControlPacket packet) {
        switch (packet.body()) {
            case Sccrq sccrq -> Greeting.answer(turn, path, packet, sccrq);
            case Sccrp sccrp -> {
                ResultCode none = ResultCode.error(NO_CONTROL_CONNECTION, "no SCCRQ was sent");
                Greeting.refuse(turn, path, sccrp.assignedTunnelId(), packet, none);
            }
            case StopCcn stop -> {
                acknowledgeForgotten(turn, path, packet, stop.assignedTunnelId());
                turn.dropped("no-tunnel");
            }
            case BadMessage bad
            when bad.type() == MessageType.SCCRQ && bad.assignedId() != 0 ->
                Greeting.refuse(turn, path, bad.assignedId(), packet, bad.resultCode());
            case ControlMessage _, BadMessage _, UnknownMessage _, ZeroLengthBody _ -> turn.dropped("no-tunnel");
        }
        if (turn.state() instanceof TunnelState.Idle) {
            turn.effect(new TunnelEffect.Stop());
        }
    }

    /** Spares the peer of a tunnel that we have forgotten its repetitions (RFC 2661 §5.7). */
    private static void acknowledgeForgotten(Turn turn, PeerPath path, ControlPacket packet, int peerTunnelId) {
        if (peerTunnelId != 0) {
            turn.answerStateless(path, peerTunnelId, packet.nr(), (packet.ns() + 1) & 0xffff, Bytes.EMPTY);
        }
    }

    /** wait-ctl-reply, receive SCCRQ: two requests have crossed (RFC 2661 §4.4.3, Tie Breaker). */
    private static void crossed(Turn turn, Sccrq theirs) {
        switch (TieBreak.decide(turn.connection().tieBreaker(), theirs.tieBreaker())) {
            case OURS -> turn.dropped("tie-breaker-won");
            case BOTH -> turn.dropped("not-this-tunnel");
            case THEIRS, NEITHER -> {
                turn.vanish("tie-breaker", ResultCode.of(3));
                turn.effect(new TunnelEffect.Stop());
            }
        }
    }

    private static void inClosed(Turn turn, PeerPath path, ControlPacket packet) {
        if (packet.body() instanceof Sccrq sccrq && packet.tunnelId() == 0) {
            Greeting.answer(turn, path, packet, sccrq);
        } else if (fromElsewhere(turn, path)) {
            turn.dropped("wrong-source");
        } else {
            turn.update(turn.channel().believing(packet.nr()));
            take(turn, packet);
        }
    }

    /** Once established, addresses and ports remain for the life of the tunnel (RFC 2661 §8.1). */
    private static boolean fromElsewhere(Turn turn, PeerPath path) {
        return !path.remote().equals(turn.connection().peer().path().remote());
    }

    /** An SCCRQ that cannot be a late duplicate: the peer has restarted and takes its old tunnel id again. */
    private static boolean beginsAnew(Turn turn, ControlPacket packet) {
        return packet.body() instanceof Sccrq
                && packet.tunnelId() == 0
                && turn.now() >= turn.connection().timers().oldFrom();
    }

    /** Before that, answers go where the last valid packet came from. */
    private static void learnAndTake(Turn turn, PeerPath path, ControlPacket packet) {
        ControlConnection before = turn.connection();
        turn.update(before.with(before.peer().at(path)));
        if (!take(turn, packet) && turn.connection().peer().path().equals(path)) {
            turn.update(turn.connection()
                    .with(turn.connection().peer().at(before.peer().path())));
        }
    }

    /** @return whether the packet was valid: it acknowledges nothing that was never sent */
    private static boolean take(Turn turn, ControlPacket packet) {
        TunnelSettings settings = turn.settings;
        ReliableChannel.Receipt receipt = turn.channel()
                .receive(
                        packet,
                        settings.receiveWindow(),
                        turn.now(),
                        turn.retransmit(),
                        settings.isTolerant(turn.connection()));
        turn.update(receipt.channel());
        String dropped = receipt.dropped();
        if (dropped != null) {
            turn.dropped(dropped);
        }
        if ("nr-never-sent".equals(dropped)) {
            return false;
        }
        if (turn.state() instanceof TunnelState.Established) {
            turn.update(turn.connection().timers().hello(Greeting.helloAt(turn)));
        }
        for (ControlPacket again : receipt.again()) {
            CallDesk.redeliver(turn, again);
        }
        deliver(turn);
        return true;
    }

    /** Handles what is next in order, also when time alone made it so. */
    static void deliver(Turn turn) {
        ReliableChannel.Delivery delivery = turn.channel().deliver(turn.now(), turn.settings.receiveWindow());
        turn.update(delivery.channel());
        for (ControlPacket packet : delivery.packets()) {
            react(turn, packet);
        }
    }

    private static void react(Turn turn, ControlPacket packet) {
        switch (packet.body()) {
            case ZeroLengthBody _ -> turn.handled(packet.ns());
            case UnknownMessage unknown -> {
                turn.handled(packet.ns());
                if (unknown.mandatory() && !(turn.state() instanceof TunnelState.Closed)) {
                    turn.stop("local", ResultCode.error(UNKNOWN_MANDATORY, "message type " + unknown.messageType()));
                } else {
                    turn.dropped("unknown-message");
                }
            }
            case BadMessage bad -> onBad(turn, packet, bad);
            case StopCcn stop -> onStopCcn(turn, packet, stop);
            case Hello _ -> turn.handled(packet.ns());
            case ControlMessage message -> onMessage(turn, packet, message);
        }
    }

    private static void onMessage(Turn turn, ControlPacket packet, ControlMessage message) {
        switch (turn.state()) {
            case TunnelState.WaitCtlReply _ -> {
                switch (message) {
                    case Sccrp sccrp -> Greeting.confirm(turn, packet, sccrp);
                    case Cdn _ -> handledAndDropped(turn, packet, "unknown-session");
                    case ControlMessage _ -> outOfPlace(turn, packet);
                }
            }
            case TunnelState.WaitCtlConn _ -> {
                switch (message) {
                    case Scccn scccn -> Greeting.complete(turn, packet, scccn);
                    case Cdn _ -> handledAndDropped(turn, packet, "unknown-session");
                    case ControlMessage _ -> outOfPlace(turn, packet);
                }
            }
            case TunnelState.Established _ -> {
                switch (message) {
                    case Sccrq _, Sccrp _, Scccn _ -> {
                        if (turn.channel().mayBeReplay(packet.ns())) {
                            handledAndDropped(turn, packet, "replay");
                        } else {
                            outOfPlace(turn, packet);
                        }
                    }
                    case ControlMessage callMessage -> CallDesk.receive(turn, packet, callMessage);
                }
            }
            case TunnelState.Idle _, TunnelState.Closed _ -> handledAndDropped(turn, packet, "tunnel-closed");
        }
    }

    private static void onStopCcn(Turn turn, ControlPacket packet, StopCcn stop) {
        turn.handled(packet.ns());
        if (turn.state() instanceof TunnelState.Closed) {
            return;
        }
        ControlConnection connection = turn.connection();
        int named = stop.assignedTunnelId();
        // Deterministic Networks' client names our id instead of its own: no harm, the header was right.
        boolean ours = named == 0
                || connection.peer().tunnelId() == 0
                || named == connection.peer().tunnelId()
                || named == connection.tunnelId();
        if (ours) {
            turn.stoppedByPeer(stop.result());
        } else {
            turn.dropped("stopccn-of-another-tunnel");
        }
    }

    private static void onBad(Turn turn, ControlPacket packet, BadMessage bad) {
        boolean established = turn.state() instanceof TunnelState.Established;
        if (established && bad.type().isSessionMessage()) {
            CallDesk.receiveBad(turn, packet, bad);
            return;
        }
        turn.handled(packet.ns());
        if (turn.state() instanceof TunnelState.Closed) {
            turn.dropped("tunnel-closed");
        } else if (established && (bad.type() == MessageType.FSQ || bad.type() == MessageType.FSR)) {
            // Without the M bit it may be ignored (RFC 2661 §4.4.1): no call has to end for it.
            turn.dropped("bad-session-states");
        } else if (bad.type() == MessageType.STOP_CCN) {
            turn.stoppedByPeer(bad.resultCode());
        } else {
            answerable(turn, bad);
            turn.stop("local", bad.resultCode());
        }
    }

    /** The StopCCN that answers a bad SCCRP should find its tunnel. */
    private static void answerable(Turn turn, BadMessage bad) {
        ControlConnection connection = turn.connection();
        if (connection.peer().tunnelId() == 0 && bad.type() == MessageType.SCCRP) {
            turn.update(connection.with(connection.peer().withTunnelId(bad.assignedId())));
        }
    }

    private static void outOfPlace(Turn turn, ControlPacket packet) {
        turn.handled(packet.ns());
        turn.stop("local", STATE_MACHINE_ERROR);
    }

    private static void handledAndDropped(Turn turn, ControlPacket packet, String reason) {
        turn.handled(packet.ns());
        turn.dropped(reason);
    }
}
