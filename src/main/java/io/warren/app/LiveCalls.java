package io.warren.app;

import io.warren.control.port.ForwardingEntry;
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
import io.warren.journal.StoredEntity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the journal says is alive, found in one pass over it when a node starts: what forwarding needs at once, and
 * whom to wake afterwards.
 */
final class LiveCalls {
    private final Map<Integer, TunnelState> tunnels = new HashMap<>();
    private final Map<SessionKey, SessionState> sessions = new HashMap<>();

    /** Takes in one tunnel or call of the journal. */
    void add(StoredEntity entity) {
        String id = entity.persistenceId();
        int separator = id.indexOf('|');
        String type = id.substring(0, separator);
        String entityId = id.substring(separator + 1);
        if (type.equals(TunnelEntity.KEY.name())) {
            TunnelSnapshot snapshot = entity.tunnelSnapshot();
            int tunnelId = Integer.parseInt(entityId);
            TunnelState start = snapshot == null ? new TunnelState.Idle(tunnelId) : snapshot.restore();
            tunnel(tunnelId, start, of(TunnelEvent.class, entity));
        } else if (type.equals(SessionEntity.KEY.name())) {
            session(SessionKey.parse(entityId), of(SessionEvent.class, entity));
        }
    }

    private static <E> List<E> of(Class<E> type, StoredEntity entity) {
        return entity.events().stream().map(type::cast).toList();
    }

    private void tunnel(int tunnelId, TunnelState start, List<TunnelEvent> events) {
        TunnelState state = start;
        for (TunnelEvent event : events) {
            state = TunnelDecider.evolve(state, event);
        }
        if (state.isLive()) {
            tunnels.put(tunnelId, state);
        }
    }

    private void session(SessionKey key, List<SessionEvent> events) {
        SessionState state = new SessionState.Idle(key);
        for (SessionEvent event : events) {
            state = SessionDecider.evolve(state, event);
        }
        if (state instanceof SessionState.Established) {
            sessions.put(key, state);
        }
    }

    Map<Integer, TunnelState> tunnels() {
        return tunnels;
    }

    /** Calls that go on: their tunnel is alive and knows them. */
    Map<SessionKey, SessionState> calls() {
        Map<SessionKey, SessionState> living = new HashMap<>(sessions);
        living.keySet().removeIf(key -> !inLivingTunnel(key));
        return living;
    }

    /** Calls that look alive but whose tunnel ended just before the node did: they have yet to write their end. */
    List<SessionKey> orphans() {
        return sessions.keySet().stream().filter(key -> !inLivingTunnel(key)).toList();
    }

    List<ForwardingEntry> forwarding() {
        List<ForwardingEntry> entries = new ArrayList<>();
        for (SessionState state : calls().values()) {
            ForwardingEntry entry = SessionDecider.forwardingEntry(state);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private boolean inLivingTunnel(SessionKey key) {
        TunnelState tunnel = tunnels.get(key.tunnelId());
        return tunnel != null && tunnel.call(key.sessionId()) != null;
    }
}
