package io.warren.control.ingress;

import akka.actor.typed.ActorRef;
import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.tunnel.ControlConnection;
import io.warren.control.tunnel.Role;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tunnels of this node: which ids are in use, who runs them, what state they are in. Also tells a repeated SCCRQ
 * from a new one. Safe to use from any thread; a view, never the truth, which is in the journal.
 */
public final class TunnelDirectory {
    /** Who asked: the same peer address and Assigned Tunnel ID is the same tunnel (RFC 2661 §5.8). */
    public record Request(Endpoint remote, int peerTunnelId) {}

    /** A tunnel's place: its actor, unless it has not started yet, and its latest state. */
    public record Seat(
            @Nullable ActorRef<TunnelCommand> actor,
            TunnelState state,
            @Nullable Request request) {}

    private final Map<Integer, Seat> seats = new ConcurrentHashMap<>();
    private final Map<Request, Integer> requests = new ConcurrentHashMap<>();
    private final Map<Endpoint, Set<Integer>> byRemote = new ConcurrentHashMap<>();
    private final Map<Bytes, Integer> perPeer = new ConcurrentHashMap<>();
    /** Shards of which this node is the owner, in a cluster. */
    private final Set<Integer> shards = ConcurrentHashMap.newKeySet();

    /** Tunnels with which peers recover old ones: the old one's id by theirs. Their ids are taken, too. */
    private final Map<Integer, Integer> recoveries = new ConcurrentHashMap<>();

    private final PeerPositions positions = new PeerPositions();

    /** The tunnel that this request began, or 0. */
    public int known(Request request) {
        return requests.getOrDefault(request, 0);
    }

    /** The one tunnel with this peer address and port, or 0 when there are none or several. */
    public int only(Endpoint remote) {
        Set<Integer> ids = byRemote.getOrDefault(remote, Set.of());
        return ids.size() == 1 ? ids.iterator().next() : 0;
    }

    /** Takes an id for a new request, or learns of a tunnel from the journal; false when the id is in use. */
    public boolean take(int tunnelId, TunnelState state, Request request) {
        synchronized (recoveries) {
            if (recoveries.containsKey(tunnelId)
                    || seats.putIfAbsent(tunnelId, new Seat(null, state, request)) != null) {
                return false;
            }
        }
        learn(request, tunnelId);
        noteRecovery(tunnelId, state.recoveryTunnelId());
        return true;
    }

    /**
     * Takes an id in the same shard for the tunnel with which a peer recovers this one; 0 when none is free. It is kept as
     * long as the old tunnel's next {@link #update} says.
     */
    public int takeForRecovery(int tunnelId, RandomGenerator random) {
        int first = tunnelId & -Placement.IDS_IN_SHARD;
        int start = random.nextInt(Placement.IDS_IN_SHARD);
        synchronized (recoveries) {
            for (int step = 0; step < Placement.IDS_IN_SHARD; step++) {
                int id = first + (start + step) % Placement.IDS_IN_SHARD;
                if (id != 0 && !seats.containsKey(id) && recoveries.putIfAbsent(id, tunnelId) == null) {
                    return id;
                }
            }
        }
        return 0;
    }

    /** The old tunnel for which the tunnel with this id was made; 0 when it was made for none. */
    public int recoveredBy(int recoveryTunnelId) {
        return recoveries.getOrDefault(recoveryTunnelId, 0);
    }

    /** @param recoveryTunnelId the one that this tunnel has, 0 for none; others that it had are free again */
    private void noteRecovery(int tunnelId, int recoveryTunnelId) {
        if (recoveryTunnelId != 0) {
            recoveries.put(recoveryTunnelId, tunnelId);
        }
        if (!recoveries.isEmpty()) {
            recoveries.entrySet().removeIf(entry -> entry.getValue() == tunnelId && entry.getKey() != recoveryTunnelId);
        }
    }

    private void learn(Request request, int tunnelId) {
        requests.put(request, tunnelId);
        byRemote.compute(request.remote(), (_, ids) -> with(ids, tunnelId));
        perPeer.compute(request.remote().source(), (_, count) -> count == null ? 1 : count + 1);
    }

    /** The tunnel's actor runs. */
    public void seat(int tunnelId, ActorRef<TunnelCommand> actor, TunnelState state) {
        seats.compute(tunnelId, (_, old) -> new Seat(actor, state, old == null ? null : old.request()));
        identify(tunnelId, state);
        noteRecovery(tunnelId, state.recoveryTunnelId());
    }

    public void update(int tunnelId, TunnelState state) {
        seats.computeIfPresent(tunnelId, (_, old) -> new Seat(old.actor(), state, old.request()));
        identify(tunnelId, state);
        noteRecovery(tunnelId, state.recoveryTunnelId());
        notePosition(tunnelId, state);
    }

    private void notePosition(int tunnelId, TunnelState state) {
        ControlConnection known = state.connection();
        if (known == null || !state.isLive()) {
            positions.forget(tunnelId);
        } else {
            positions.note(
                    tunnelId,
                    new PeerPositions.Position(known.since(), known.channel().nr()));
        }
    }

    /** The SCCRQ of a tunnel may have come by another node, or before its shard came here. */
    private void identify(int tunnelId, TunnelState state) {
        Seat seat = seats.get(tunnelId);
        PeerPath path = state.path();
        if (seat == null
                || seat.request() != null
                || path == null
                || state.peerTunnelId() == 0
                || state.role() != Role.RESPONDER) {
            return;
        }
        Request request = new Request(path.remote(), state.peerTunnelId());
        if (seats.replace(tunnelId, seat, new Seat(seat.actor(), seat.state(), request))) {
            learn(request, tunnelId);
        }
    }

    /** The tunnel's actor stops; another one's seat is left alone. */
    public void leave(int tunnelId, ActorRef<TunnelCommand> actor) {
        Seat seat = seats.get(tunnelId);
        if (seat != null && actor.equals(seat.actor()) && seats.remove(tunnelId, seat)) {
            forget(seat.request(), tunnelId);
            noteRecovery(tunnelId, 0);
        }
    }

    /**
     * The tunnel goes on elsewhere. What still comes here for it goes after it by way of the shard regions, until its shard
     * is {@linkplain #dismissShard dismissed}, too.
     */
    public void handOver(int tunnelId, ActorRef<TunnelCommand> actor) {
        int shard = Placement.shardOf(tunnelId);
        if (!shards.contains(shard)) {
            leave(tunnelId, actor);
            return;
        }
        seats.computeIfPresent(
                tunnelId,
                (_, seat) -> actor.equals(seat.actor()) ? new Seat(null, seat.state(), seat.request()) : seat);
        if (!shards.contains(shard)) {
            dismissShard(shard);
        }
    }

    /**
     * Whether a call without a seat may live all the same: its tunnel knows it, so it is asleep or still on its way here;
     * or the tunnel has gone on elsewhere, and the call with it.
     */
    public boolean mayHave(SessionKey call) {
        Seat seat = seats.get(call.tunnelId());
        if (seat == null) {
            return false;
        }
        boolean elsewhere = seat.actor() == null && shards.contains(Placement.shardOf(call.tunnelId()));
        return elsewhere || seat.state().call(call.sessionId()) != null;
    }

    /** The shard is this node's from now on. */
    public void admitShard(int shard) {
        shards.add(shard);
    }

    /** The shard has another owner: those who are yet to wake will wake there. */
    public void dismissShard(int shard) {
        shards.remove(shard);
        seats.forEach((tunnelId, seat) -> {
            if (Placement.shardOf(tunnelId) == shard && seat.actor() == null && seats.remove(tunnelId, seat)) {
                forget(seat.request(), tunnelId);
                noteRecovery(tunnelId, 0);
            }
        });
    }

    private void forget(@Nullable Request request, int tunnelId) {
        if (request != null && requests.remove(request, tunnelId)) {
            byRemote.computeIfPresent(request.remote(), (_, ids) -> without(ids, tunnelId));
            perPeer.computeIfPresent(request.remote().source(), (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    private static Set<Integer> with(@Nullable Set<Integer> ids, int tunnelId) {
        Set<Integer> more = ids == null ? new HashSet<>() : new HashSet<>(ids);
        more.add(tunnelId);
        return more;
    }

    private static @Nullable Set<Integer> without(Set<Integer> ids, int tunnelId) {
        Set<Integer> fewer = new HashSet<>(ids);
        fewer.remove(tunnelId);
        return fewer.isEmpty() ? null : fewer;
    }

    /** How far the tunnels are with what their peers sent. */
    public PeerPositions positions() {
        return positions;
    }

    public @Nullable Seat find(int tunnelId) {
        return seats.get(tunnelId);
    }

    /** Tunnels of this peer, see {@link Endpoint#source}, from any port, lingering ones included. */
    public int countOf(Bytes source) {
        return perPeer.getOrDefault(source, 0);
    }

    public int count() {
        return seats.size();
    }

    public Collection<Map.Entry<Integer, Seat>> all() {
        return seats.entrySet();
    }
}
