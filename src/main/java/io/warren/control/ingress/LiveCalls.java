package io.warren.control.ingress;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionEvent;
import io.warren.control.session.SessionState;
import io.warren.control.tunnel.TunnelDecider;
import io.warren.control.tunnel.TunnelEntity;
import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import io.warren.control.tunnel.TunnelState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says is alive, found in one pass over it or over some shards of it: what forwarding needs at once,
 * and whom to wake afterwards. It may be older than what an entity has written since: the entity's own recovery is the
 * truth. For one thread while it is filled.
 */
public final class LiveCalls {
    private final Map<Integer, TunnelState> tunnels = new HashMap<>();
    private final Map<SessionKey, SessionState> sessions = new HashMap<>();
    private final Instant lingeringSince;

    /** Nothing that is over. */
    public LiveCalls() {
        this(Instant.MAX);
    }

    /**
     * Tunnels, too, that ended at this moment or later: a StopCCN, ours or the peer's, may be unacknowledged when a node
     * goes, and whoever takes the tunnel over has to repeat it or to acknowledge it (RFC 2661 §5.7).
     */
    public LiveCalls(Instant lingeringSince) {
        this.lingeringSince = lingeringSince;
    }

    /**
     * Takes in one tunnel or call of the journal; others are left alone.
     *
     * @param persistenceId {@code tunnel|<id>} or {@code session|<tunnel>-<session>}
     * @param snapshot what the tunnel's state was before the events
     * @param events in the order in which they happened
     */
    public void add(String persistenceId, @Nullable TunnelSnapshot snapshot, List<? extends Record> events) {
        int separator = persistenceId.indexOf('|');
        String type = persistenceId.substring(0, separator);
        String entityId = persistenceId.substring(separator + 1);
        if (type.equals(TunnelEntity.KEY.name())) {
            int tunnelId = Integer.parseInt(entityId);
            TunnelState start = snapshot == null ? new TunnelState.Idle(tunnelId) : snapshot.restore();
            tunnel(tunnelId, start, events);
        } else if (type.equals(SessionEntity.KEY.name())) {
            session(SessionKey.parse(entityId), events);
        }
    }

    private void tunnel(int tunnelId, TunnelState start, List<? extends Record> events) {
        TunnelState state = start;
        for (Record event : events) {
            state = TunnelDecider.evolve(state, (TunnelEvent) event);
        }
        if (state.isLive() || lingers(events)) {
            tunnels.put(tunnelId, state);
        }
    }

    private boolean lingers(List<? extends Record> events) {
        return !events.isEmpty()
                && events.getLast() instanceof TunnelEvent.TunnelClosed closed
                && closed.hasStopCcn()
                && !closed.at().isBefore(lingeringSince);
    }

    private void session(SessionKey key, List<? extends Record> events) {
        SessionState state = new SessionState.Idle(key);
        for (Record event : events) {
            state = SessionDecider.evolve(state, (SessionEvent) event);
        }
        if (state instanceof SessionState.Established || state instanceof SessionState.Owing) {
            sessions.put(key, state);
        }
    }

    /** Those that live, and those that linger. */
    public Map<Integer, TunnelState> tunnels() {
        return tunnels;
    }

    /** Whether no call lives or owes anything. */
    public boolean noCalls() {
        return sessions.isEmpty();
    }

    /** Calls that go on: their tunnel is alive and knows them. */
    public Map<SessionKey, SessionState> calls() {
        Map<SessionKey, SessionState> living = new HashMap<>(sessions);
        living.entrySet()
                .removeIf(call -> call.getValue() instanceof SessionState.Owing || !inLivingTunnel(call.getKey()));
        return living;
    }

    /**
     * Calls that look alive but whose tunnel ended just before the node did: they have yet to write their end. And calls
     * that are over but for their accounting; where the tunnel still has them, it wakes them itself.
     */
    public List<SessionKey> orphans() {
        return sessions.keySet().stream().filter(key -> !inLivingTunnel(key)).toList();
    }

    public List<ForwardingEntry> forwarding() {
        List<ForwardingEntry> entries = new ArrayList<>();
        for (SessionState state : calls().values()) {
            ForwardingEntry entry = SessionDecider.forwardingEntry(state);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** The same, apart for each shard; shards in which nothing lives are missing. */
    public Map<Integer, LiveCalls> byShard() {
        Map<Integer, LiveCalls> parts = new HashMap<>();
        tunnels.forEach((tunnelId, state) -> part(parts, tunnelId).tunnels.put(tunnelId, state));
        sessions.forEach((key, state) -> part(parts, key.tunnelId()).sessions.put(key, state));
        return parts;
    }

    private static LiveCalls part(Map<Integer, LiveCalls> parts, int tunnelId) {
        return parts.computeIfAbsent(Placement.shardOf(tunnelId), _ -> new LiveCalls());
    }

    private boolean inLivingTunnel(SessionKey key) {
        TunnelState tunnel = tunnels.get(key.tunnelId());
        return tunnel != null && tunnel.call(key.sessionId()) != null;
    }
}
