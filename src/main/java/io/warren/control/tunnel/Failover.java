package io.warren.control.tunnel;

import io.warren.control.port.PeerPath;
import io.warren.control.reliable.ReliableChannel;
import io.warren.control.reliable.RetransmitPolicy;
import io.warren.control.reliable.Segment;
import io.warren.control.tunnel.RecoveryTunnel.Phase;
import io.warren.control.tunnel.TunnelEvent.CallEnded;
import io.warren.control.tunnel.TunnelEvent.Outgoing;
import io.warren.control.tunnel.TunnelEvent.RecoveryEnded;
import io.warren.control.tunnel.TunnelEvent.RecoveryOffered;
import io.warren.control.tunnel.TunnelEvent.TunnelRecovered;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlMessage.Hello;
import io.warren.wire.l2tp.ControlMessage.Scccn;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import io.warren.wire.l2tp.ControlMessage.StopCcn;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.ControlSequence;
import io.warren.wire.l2tp.FailoverCapability;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.SequenceNumber;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer that failed recovers its tunnel: RFC 4951 §3.2 as the remote endpoint, which is the end that did not fail. Until
 * the peer has shown who it is, by the SCCCN of its recovery tunnel, the old tunnel goes on as if nothing had happened.
 * We never begin a recovery: what we need to go on after a failure of our own is in the journal.
 */
final class Failover {
    /**
     * How far the new numbers are ahead of the old ones: whatever of the old conversation is still on its way, or is said
     * until the reset, then counts as long past. A quarter of what can be compared.
     */
    static final int LEAP = 8_192;

    private static final int RESERVED_OR_OUT_OF_RANGE = 3;

    /** The same for whatever is wrong, so that a stranger does not learn which tunnels there are (RFC 4951 §8). */
    static final ResultCode NOTHING_TO_RECOVER =
            ResultCode.error(RESERVED_OR_OUT_OF_RANGE, "there is no such tunnel to recover");

    private static final ResultCode NUMBERS_HAVE_PASSED =
            ResultCode.error(4, "too much was said in the tunnel while it was being recovered");

    private Failover() {}

    /** An SCCRQ with a Tunnel Recovery AVP that names this tunnel. */
    static void request(Turn turn, TunnelInput.Recover wanted) {
        ControlPacket packet = wanted.packet();
        if (!(packet.body() instanceof Sccrq sccrq) || packet.ns() != 0 || packet.nr() != 0) {
            turn.dropped("sccrq-not-first");
        } else if (!maySpeakFor(turn.state(), wanted.path(), sccrq)) {
            refuse(turn, wanted.path(), packet, sccrq, NOTHING_TO_RECOVER);
        } else {
            known(turn, wanted, sccrq);
        }
        if (turn.state() instanceof TunnelState.Idle) {
            turn.effect(new TunnelEffect.Stop());
        }
    }

    /** The conditions of RFC 4951 §3.2.1, and that the peer looks as it did; it has yet to authenticate itself. */
    private static boolean maySpeakFor(TunnelState state, PeerPath path, Sccrq sccrq) {
        TunnelRecovery recovery = sccrq.tunnelRecovery();
        if (recovery == null || !(state instanceof TunnelState.Established(ControlConnection connection))) {
            return false;
        }
        ControlConnection.Peer peer = connection.peer();
        return peer.failover() != null
                && recovery.recoverRemoteTunnelId() == connection.tunnelId()
                && recovery.recoverTunnelId() == peer.tunnelId()
                && sccrq.assignedTunnelId() != peer.tunnelId()
                && sccrq.hostName().equals(peer.hostName())
                && path.remote().address().equals(peer.path().remote().address());
    }

    private static void known(Turn turn, TunnelInput.Recover wanted, Sccrq sccrq) {
        RecoveryTunnel current = turn.connection().recovery();
        ResultCode refusal =
                Greeting.whyNot(turn.settings, sccrq.protocolVersion(), sccrq.receiveWindowSize(), sccrq.challenge());
        if (current != null && isOf(current, wanted.path(), sccrq)) {
            take(turn, current, wanted.packet());
        } else if (current != null && current.phase() == Phase.OFFERED) {
            // First come, first served, so that nobody pushes the peer aside; it repeats its SCCRQ for long enough.
            turn.dropped("recovery-under-way");
        } else if (refusal != null) {
            refuse(turn, wanted.path(), wanted.packet(), sccrq, refusal);
        } else if (!turn.writable || wanted.recoveryTunnelId() == 0) {
            turn.dropped("recovery-not-now");
        } else {
            offer(turn, wanted, sccrq);
        }
    }

    private static boolean isOf(RecoveryTunnel recovery, PeerPath path, Sccrq sccrq) {
        return recovery.offer().path().remote().equals(path.remote())
                && recovery.offer().peerTunnelId() == sccrq.assignedTunnelId();
    }

    /** Leaves no state behind, and the old tunnel as it is. */
    private static void refuse(Turn turn, PeerPath path, ControlPacket packet, Sccrq sccrq, ResultCode result) {
        Bytes body = turn.encoded(new StopCcn(turn.state().tunnelId(), result, List.of()));
        turn.answerStateless(path, sccrq.assignedTunnelId(), packet.nr(), (packet.ns() + 1) & 0xffff, body);
        turn.dropped("recovery-refused");
    }

    private static void offer(Turn turn, TunnelInput.Recover wanted, Sccrq sccrq) {
        ReliableChannel old = turn.channel();
        int ns = SequenceNumber.plus(old.nextNs(), LEAP);
        int nr = SequenceNumber.plus(old.nr(), LEAP);
        Bytes challenge = Greeting.challenge(turn);
        // Said as the peer has to take it: its Ns is our Nr.
        ControlSequence suggested = new ControlSequence(nr, ns);
        Bytes body = turn.encoded(
                Greeting.sccrp(turn, wanted.recoveryTunnelId(), challenge, sccrq.challenge(), null, suggested));
        turn.commit(new RecoveryOffered(
                turn.moment.wall(),
                wanted.recoveryTunnelId(),
                sccrq.assignedTunnelId(),
                wanted.path(),
                Greeting.window(sccrq.receiveWindowSize()),
                challenge,
                ns,
                nr,
                new Outgoing(0, 1, 0, 0, body)));
        RecoveryTunnel begun = turn.connection().recovery();
        if (begun != null) {
            turn.update(turn.connection().recovering(begun.until(turn.in(turn.settings.setupTimeout()))));
        }
    }

    /** A packet to the id of the recovery tunnel. */
    static void receive(Turn turn, RecoveryTunnel recovery, PeerPath path, ControlPacket packet) {
        if (recovery.offer().path().remote().equals(path.remote())) {
            take(turn, recovery, packet);
        } else {
            turn.dropped("wrong-source");
        }
    }

    private static void take(Turn turn, RecoveryTunnel recovery, ControlPacket packet) {
        int window = turn.settings.receiveWindow();
        ReliableChannel.Receipt receipt =
                recovery.channel().receive(packet, window, turn.now(), turn.settings.retransmit(), false);
        String dropped = receipt.dropped();
        if (dropped != null) {
            turn.dropped(dropped);
        }
        ReliableChannel.Delivery delivery = receipt.channel().deliver(turn.now(), window);
        update(turn, delivery.channel());
        for (ControlPacket next : delivery.packets()) {
            react(turn, next);
        }
    }

    private static void react(Turn turn, ControlPacket packet) {
        RecoveryTunnel recovery = turn.connection().recovery();
        if (recovery == null) {
            return;
        }
        switch (packet.body()) {
            case Scccn scccn when recovery.phase() == Phase.OFFERED -> complete(turn, recovery, packet, scccn);
            case StopCcn _
            when recovery.phase() != Phase.CLOSED -> {
                update(turn, recovery.channel().handled(packet.ns()));
                end(turn, recovery, "peer", null);
            }
            case Hello _, ZeroLengthBody _ -> update(turn, recovery.channel().handled(packet.ns()));
            case BadMessage bad
            when recovery.phase() == Phase.OFFERED -> {
                update(turn, recovery.channel().handled(packet.ns()));
                turn.dropped("recovery-refused");
                end(turn, recovery, "local", bad.resultCode());
            }
            case ControlMessage _, BadMessage _, UnknownMessage _ -> {
                update(turn, recovery.channel().handled(packet.ns()));
                turn.dropped("not-in-a-recovery-tunnel");
            }
        }
    }

    private static void complete(Turn turn, RecoveryTunnel recovery, ControlPacket packet, Scccn scccn) {
        RecoveryOffered offer = recovery.offer();
        ResultCode refusal = Greeting.whyNotAuthentic(
                turn.settings, MessageType.SCCCN, offer.challenge(), scccn.challengeResponse());
        if (refusal == null && SequenceNumber.isAfter(turn.channel().nextNs(), offer.ns())) {
            refusal = NUMBERS_HAVE_PASSED;
        }
        if (refusal != null) {
            update(turn, recovery.channel().handled(packet.ns()));
            turn.dropped("recovery-refused");
            end(turn, recovery, "local", refusal);
            return;
        }
        turn.commit(new TunnelRecovered(turn.moment.wall(), offer.ns(), offer.nr()));
        RecoveryTunnel done = turn.connection().recovery();
        if (done != null) {
            ReliableChannel channel = done.channel().handled(packet.ns());
            long until = turn.in(turn.settings.retransmit().cycle());
            turn.update(turn.connection().recovering(done.with(channel).until(until)));
        }
        turn.update(turn.connection().timers().hello(Greeting.helloAt(turn)));
        clearUnestablished(turn);
        SessionStates.ask(turn, turn.connection().calls().all());
    }

    /** RFC 4951 §3.3, step I. */
    private static void clearUnestablished(Turn turn) {
        CallTable calls = turn.connection().calls();
        for (Call call : List.copyOf(calls.all())) {
            boolean established = call.offer().peerSessionId() != 0
                    && call.cdnNs() == Call.NONE
                    && !calls.settingUp().containsKey(call.sessionId());
            if (!established) {
                turn.effect(new TunnelEffect.EndCall(call.sessionId(), "the peer failed while the call was set up"));
                turn.commit(new CallEnded(turn.moment.wall(), call.sessionId(), null));
            }
        }
    }

    /** @param said the result code of our StopCCN; null: there is nothing to say */
    private static void end(Turn turn, RecoveryTunnel recovery, String by, @Nullable ResultCode said) {
        RecoveryTunnel now = turn.connection().recovery();
        ReliableChannel channel = (now == null ? recovery : now).channel();
        StopCcn stopCcn = said == null ? null : new StopCcn(recovery.tunnelId(), said, List.of());
        channel = stopCcn == null ? channel.abandoned() : channel.enqueue(0, turn.encoded(stopCcn));
        turn.commit(new RecoveryEnded(turn.moment.wall(), recovery.tunnelId(), by));
        long linger = turn.in(turn.settings.retransmit().cycle());
        turn.update(turn.connection().recovering(recovery.closed(channel, linger)));
    }

    private static void update(Turn turn, ReliableChannel channel) {
        RecoveryTunnel recovery = turn.connection().recovery();
        if (recovery != null) {
            turn.update(turn.connection().recovering(recovery.with(channel)));
        }
    }

    /** A deadline may have passed. The peer usually closes a recovery tunnel that is complete; else we do. */
    static void tick(Turn turn) {
        RecoveryTunnel recovery = turn.connection().recovery();
        if (recovery == null || turn.now() < recovery.until()) {
            return;
        }
        switch (recovery.phase()) {
            case OFFERED -> end(turn, recovery, "timeout", new ResultCode(1, 0, "not established in time"));
            case COMPLETE -> end(turn, recovery, "local", ResultCode.of(1));
            case CLOSED -> turn.update(turn.connection().recovering(null));
        }
    }

    /** The first turn after our own recovery from the journal, which holds all that was said in the recovery tunnel. */
    static void resume(Turn turn) {
        RecoveryTunnel recovery = turn.connection().recovery();
        if (recovery != null) {
            ReliableChannel channel =
                    recovery.channel().resumed(Bytes.EMPTY, false, true, turn.settings.receiveWindow());
            long until = turn.in(
                    recovery.phase() == Phase.OFFERED
                            ? turn.settings.setupTimeout()
                            : turn.settings.retransmit().cycle());
            turn.update(turn.connection().recovering(recovery.with(channel).until(until)));
        }
    }

    /** Sends what is due in the recovery tunnel. */
    static void flush(Turn turn) {
        RecoveryTunnel recovery = turn.connection().recovery();
        if (recovery == null) {
            return;
        }
        ReliableChannel.Transmission transmission =
                recovery.channel().flush(turn.now(), turn.settings.retransmit(), false);
        if (transmission.dead()) {
            if (recovery.phase() != Phase.CLOSED) {
                turn.commit(new RecoveryEnded(turn.moment.wall(), recovery.tunnelId(), "timeout"));
            }
            turn.update(turn.connection().recovering(null));
            return;
        }
        update(turn, transmission.channel());
        RecoveryOffered offer = recovery.offer();
        for (Segment segment : transmission.segments()) {
            turn.effect(new TunnelEffect.Transmit(
                    offer.path(),
                    L2tpCodec.frame(offer.peerTunnelId(), 0, segment.ns(), segment.nr(), segment.body())));
        }
    }

    /**
     * How often we repeat what the peer does not acknowledge. It may ask for time to recover (RFC 4951 §5.1), which is
     * counted from the end of a full retransmission cycle; and who is about to recover the tunnel is waited for.
     */
    static RetransmitPolicy retransmit(TunnelState state, TunnelSettings settings) {
        if (!(state instanceof TunnelState.Established(ControlConnection connection))) {
            return settings.retransmit();
        }
        FailoverCapability theirs = connection.peer().failover();
        if (theirs == null) {
            return settings.retransmit();
        }
        RetransmitPolicy policy =
                settings.retransmit().withPatience(settings.failover().patience(theirs));
        RecoveryTunnel recovery = connection.recovery();
        return recovery != null && recovery.phase() == Phase.OFFERED
                ? policy.withPatience(settings.setupTimeout())
                : policy;
    }
}
