package io.warren.control.ingress;

import io.warren.control.Moment;
import io.warren.control.MomentSource;
import io.warren.control.Tally;
import io.warren.control.port.Availability;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionWorld;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelInput;
import io.warren.control.tunnel.TunnelState;
import io.warren.control.tunnel.TunnelWorld;
import io.warren.wire.Bytes;
import io.warren.wire.l2tp.BadMessage;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ControlPacket;
import io.warren.wire.l2tp.L2tpCodec;
import io.warren.wire.l2tp.MessageType;
import io.warren.wire.l2tp.ResultCode;
import io.warren.wire.l2tp.TunnelRecovery;
import io.warren.wire.l2tp.UnknownMessage;
import io.warren.wire.l2tp.ZeroLengthBody;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Brings each packet to the entity it is meant for, and makes no state for garbage: only an SCCRQ that passes the
 * limits gets a tunnel id. For one thread, the stream's.
 */
public final class PeerDispatcher {
    private static final int KNOWN_SOURCES = 16_384;
    private static final int LUCKY_TRIES = 16;
    private final MomentSource clock;
    private final ControlTransport transport;
    private final SessionWorld.Tunnels tunnelRouter;
    private final TunnelWorld.Sessions sessionRouter;
    private final TunnelDirectory tunnels;
    private final SessionDirectory sessions;
    private final Tally tally;
    private final Availability journal;
    private final IngressLimits limits;
    private final IntPredicate usedBefore;
    private final ReadyShards ready;
    private final TunnelNotices notices;
    private final TokenBuckets<Bytes> perSource;
    private final TokenBuckets<String> inAll;
    private volatile boolean draining;

    /** For a node by itself. */
    public PeerDispatcher(
            MomentSource clock,
            ControlTransport transport,
            SessionWorld.Tunnels tunnelRouter,
            TunnelWorld.Sessions sessionRouter,
            TunnelDirectory tunnels,
            SessionDirectory sessions,
            Tally tally,
            Availability journal,
            IngressLimits limits,
            IntPredicate usedBefore) {
        this(
                clock,
                transport,
                tunnelRouter,
                sessionRouter,
                tunnels,
                sessions,
                tally,
                journal,
                limits,
                usedBefore,
                ReadyShards.alone(),
                TunnelNotices.none());
    }

    /**
     * @param usedBefore tunnel ids whose journal is still kept: taken last, so that histories stay apart
     * @param ready where new tunnels may begin
     * @param notices of tunnels that began on other nodes
     */
    public PeerDispatcher(
            MomentSource clock,
            ControlTransport transport,
            SessionWorld.Tunnels tunnelRouter,
            TunnelWorld.Sessions sessionRouter,
            TunnelDirectory tunnels,
            SessionDirectory sessions,
            Tally tally,
            Availability journal,
            IngressLimits limits,
            IntPredicate usedBefore,
            ReadyShards ready,
            TunnelNotices notices) {
        this.clock = clock;
        this.transport = transport;
        this.tunnelRouter = tunnelRouter;
        this.sessionRouter = sessionRouter;
        this.tunnels = tunnels;
        this.sessions = sessions;
        this.tally = tally;
        this.journal = journal;
        this.limits = limits;
        this.usedBefore = usedBefore;
        this.ready = ready;
        this.notices = notices;
        this.perSource = new TokenBuckets<>(limits.sccrqPerSource(), limits.sccrqPerSource(), KNOWN_SOURCES);
        this.inAll = new TokenBuckets<>(limits.sccrqInAll(), limits.sccrqInAll(), 1);
    }

    /** Whether new tunnels are turned away from now on. */
    public void drain(boolean on) {
        draining = on;
    }

    public void accept(Ingress ingress) {
        switch (ingress) {
            case Ingress.ControlArrived(var path, var packet) -> control(path, packet);
            case Ingress.FrameArrived(var path, var key, var frame) -> {
                if (sessions.find(key) == null && !tunnels.mayHave(key)) {
                    tally.count("data for an unknown session", path.remote());
                } else {
                    sessionRouter.tell(key, new SessionInput.Frame(frame, path.remote()));
                }
            }
            case Ingress.VersionMismatch(var path, int peerTunnelId) -> refuseVersion(path, peerTunnelId);
        }
    }

    private void control(PeerPath path, ControlPacket packet) {
        if (packet.tunnelId() != 0) {
            toTunnel(packet.tunnelId(), path, packet);
            return;
        }
        switch (packet.body()) {
            case ControlMessage.Sccrq sccrq
            when sccrq.tunnelRecovery() != null ->
                recovery(path, packet, sccrq.assignedTunnelId(), sccrq.tunnelRecovery());
            case ControlMessage.Sccrq sccrq -> sccrq(path, packet, sccrq.assignedTunnelId());
            case BadMessage bad when bad.type() == MessageType.SCCRQ -> badSccrq(path, packet, bad);
            // A D-Link DIR-300 leaves the Tunnel ID 0 in all its messages: only its address can tell.
            case ControlMessage.StopCcn stop -> toTunnelOf(path, packet, stop.assignedTunnelId());
            case ControlMessage _ -> toTunnelOf(path, packet, 0);
            case BadMessage _, UnknownMessage _, ZeroLengthBody _ -> toTunnelOf(path, packet, 0);
        }
    }

    private void toTunnel(int tunnelId, PeerPath path, ControlPacket packet) {
        int recovered = tunnels.recoveredBy(tunnelId);
        if (recovered != 0) {
            tunnelRouter.tell(recovered, new TunnelInput.Received(path, packet));
        } else if (tunnels.find(tunnelId) == null) {
            tally.count("control for an unknown tunnel", path.remote());
        } else {
            tunnelRouter.tell(tunnelId, new TunnelInput.Received(path, packet));
        }
    }

    private void toTunnelOf(PeerPath path, ControlPacket packet, int peerTunnelId) {
        TunnelDirectory.Request request = new TunnelDirectory.Request(path.remote(), peerTunnelId);
        int tunnelId = peerTunnelId == 0 ? tunnels.only(path.remote()) : tunnels.known(request);
        if (tunnelId == 0 && peerTunnelId != 0 && notices.find(request) != 0) {
            toOwner(notices.find(request), path, packet);
        } else if (tunnelId == 0) {
            tally.count("tunnel id 0 from a peer without a tunnel", path.remote());
        } else {
            toTunnel(tunnelId, path, packet);
        }
    }

    private void sccrq(PeerPath path, ControlPacket packet, int peerTunnelId) {
        TunnelDirectory.Request request = new TunnelDirectory.Request(path.remote(), peerTunnelId);
        int tunnelId = tunnels.known(request);
        int elsewhere = tunnelId == 0 ? notices.find(request) : 0;
        if (elsewhere != 0) {
            toOwner(elsewhere, path, packet);
            return;
        }
        if (!journal.writable() && !hasBegun(tunnelId)) {
            refuse(path, peerTunnelId, packet.ns(), ResultCode.error(4, "no new tunnels for the moment"));
            tally.count("SCCRQ refused: the journal cannot be written", path.remote());
            return;
        }
        if (tunnelId == 0) {
            Moment moment = clock.now();
            if (!admitted(path, packet, peerTunnelId, moment)) {
                return;
            }
            tunnelId = freeId(moment, request);
            if (tunnelId != 0) {
                notices.announce(new TunnelNotice(path.remote(), peerTunnelId, tunnelId));
            }
        }
        if (tunnelId == 0) {
            refuse(path, peerTunnelId, packet.ns(), ResultCode.error(4, "no tunnel id is free"));
            tally.count("SCCRQ refused: no tunnel id is free", path.remote());
        } else {
            tunnelRouter.tell(tunnelId, new TunnelInput.Received(path, packet));
        }
    }

    /** A peer that failed asks for an old tunnel of its (RFC 4951 §3.2.1): that one's entity decides. */
    private void recovery(PeerPath path, ControlPacket packet, int peerTunnelId, TunnelRecovery recovery) {
        int tunnelId = recovery.recoverRemoteTunnelId();
        Moment moment = clock.now();
        if (!perSource.take(path.remote().source(), moment.nanos()) || !inAll.take("all", moment.nanos())) {
            tally.count("SCCRQ dropped: too many per second", path.remote());
        } else if (tunnelId != 0 && (tunnels.find(tunnelId) != null || !ready.has(Placement.shardOf(tunnelId)))) {
            tunnelRouter.tell(tunnelId, new TunnelInput.Received(path, packet));
        } else {
            tally.count("recovery refused: no such tunnel", path.remote());
            refuse(path, peerTunnelId, packet.ns(), tunnelId, TunnelDecider.NOTHING_TO_RECOVER);
        }
    }

    /** Whether the tunnel exists; an id that was only given to a request may still wait for its journal. */
    private boolean hasBegun(int tunnelId) {
        TunnelDirectory.Seat seat = tunnelId == 0 ? null : tunnels.find(tunnelId);
        return seat != null && seat.state().isLive();
    }

    /** To a tunnel that began on another node, by way of the shard regions: a repetition, and no more than a few. */
    private void toOwner(int tunnelId, PeerPath path, ControlPacket packet) {
        if (perSource.take(path.remote().source(), clock.now().nanos())) {
            tunnelRouter.tell(tunnelId, new TunnelInput.Received(path, packet));
        } else {
            tally.count("control for a tunnel elsewhere dropped: too many per second", path.remote());
        }
    }

    private boolean admitted(PeerPath path, ControlPacket packet, int peerTunnelId, Moment moment) {
        Bytes source = path.remote().source();
        if (!perSource.take(source, moment.nanos()) || !inAll.take("all", moment.nanos())) {
            tally.count("SCCRQ dropped: too many per second", path.remote());
            return false;
        }
        if (!ready.isAlone() && (draining || ready.count() == 0)) {
            // The repetition finds a node that takes it: by now the balancer knows that this one does not.
            tally.count("SCCRQ dropped: another node is to take it", path.remote());
            return false;
        }
        String excess = draining
                ? "this node takes no new tunnels"
                : tunnels.count() >= limits.tunnels()
                        ? "too many tunnels"
                        : tunnels.countOf(source) >= limits.tunnelsPerPeer() ? "too many tunnels from this peer" : "";
        if (excess.isEmpty()) {
            return true;
        }
        tally.count("SCCRQ refused: " + excess, path.remote());
        refuse(path, peerTunnelId, packet.ns(), ResultCode.error(4, excess));
        return false;
    }

    private int freeId(Moment moment, TunnelDirectory.Request request) {
        int[] shards = ready.now();
        if (shards.length == 0) {
            return 0;
        }
        int ids = shards.length * Placement.IDS_IN_SHARD;
        for (int attempt = 0; attempt < LUCKY_TRIES; attempt++) {
            int tunnelId = id(shards, moment.random().nextInt(ids));
            if (tunnelId != 0
                    && !usedBefore.test(tunnelId)
                    && tunnels.take(tunnelId, new TunnelState.Idle(tunnelId), request)) {
                return tunnelId;
            }
        }
        int start = moment.random().nextInt(ids);
        for (int step = 0; step < ids; step++) {
            int tunnelId = id(shards, (start + step) % ids);
            if (tunnelId != 0 && tunnels.take(tunnelId, new TunnelState.Idle(tunnelId), request)) {
                return tunnelId;
            }
        }
        return 0;
    }

    private static int id(int[] shards, int number) {
        return shards[number / Placement.IDS_IN_SHARD] * Placement.IDS_IN_SHARD + number % Placement.IDS_IN_SHARD;
    }

    private void badSccrq(PeerPath path, ControlPacket packet, BadMessage bad) {
        tally.count("SCCRQ refused: bad message", path.remote());
        if (bad.assignedId() != 0
                && perSource.take(path.remote().source(), clock.now().nanos())) {
            refuse(path, bad.assignedId(), packet.ns(), bad.resultCode());
        }
    }

    private void refuseVersion(PeerPath path, int peerTunnelId) {
        tally.count("SCCRQ refused: L2TP version", path.remote());
        if (perSource.take(path.remote().source(), clock.now().nanos())) {
            // RFC 2661 §4.4.2, result code 5: the error code field holds the highest version that we support.
            refuse(path, peerTunnelId, 0, new ResultCode(5, 0x0100, null));
        }
    }

    /** Answers without keeping state; the id that a StopCCN must name is of no tunnel. */
    private void refuse(PeerPath path, int peerTunnelId, int ns, ResultCode result) {
        refuse(path, peerTunnelId, ns, clock.now().random().nextInt(1, 65_536), result);
    }

    private void refuse(PeerPath path, int peerTunnelId, int ns, int nowhere, ResultCode result) {
        Bytes body = L2tpCodec.encodeBody(new ControlMessage.StopCcn(nowhere, result, List.of()), null);
        transport.send(
                path,
                L2tpCodec.frame(peerTunnelId, 0, 0, (ns + 1) & 0xffff, body).toByteArray());
    }
}
