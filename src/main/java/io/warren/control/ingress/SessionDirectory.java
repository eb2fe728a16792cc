package io.warren.control.ingress;

import akka.actor.typed.ActorRef;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionState;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this node: who runs them and what state they are in. Safe to use from any thread; a view, never the
 * truth, which is in the journal.
 */
public final class SessionDirectory {
    /** A call's place: its actor, unless it has not started yet, and its latest state. */
    public record Seat(@Nullable ActorRef<SessionCommand> actor, SessionState state) {}

    private final Map<SessionKey, Seat> seats = new ConcurrentHashMap<>();
    private final CallsOfUsers ofUsers = new CallsOfUsers();
    /** Shards of which this node is the owner, in a cluster. */
    private final Set<Integer> shards = ConcurrentHashMap.newKeySet();

    /** Learns of a call from the journal, before its actor runs. */
    public void expect(SessionKey key, SessionState state) {
        seats.computeIfAbsent(key, _ -> changed(key, null, new Seat(null, state)));
    }

    public void seat(SessionKey key, ActorRef<SessionCommand> actor, SessionState state) {
        seats.compute(key, (_, old) -> changed(key, old, new Seat(actor, state)));
    }

    public void update(SessionKey key, SessionState state) {
        seats.computeIfPresent(key, (_, old) -> changed(key, old, new Seat(old.actor(), state)));
    }

    /** The call's actor stops; another one's seat is left alone. */
    public void leave(SessionKey key, ActorRef<SessionCommand> actor) {
        seats.computeIfPresent(key, (_, seat) -> actor.equals(seat.actor()) ? changed(key, seat, null) : seat);
    }

    /** The call was expected, and there is none: its seat goes unless somebody has taken it. */
    public void dismiss(SessionKey key) {
        seats.computeIfPresent(key, (_, seat) -> seat.actor() == null ? changed(key, seat, null) : seat);
    }

    /** The call goes on elsewhere: as {@link TunnelDirectory#handOver}. */
    public void handOver(SessionKey key, ActorRef<SessionCommand> actor) {
        int shard = Placement.shardOf(key.tunnelId());
        boolean stays = shards.contains(shard);
        seats.computeIfPresent(key, (_, seat) -> {
            if (!actor.equals(seat.actor())) {
                return seat;
            }
            // The journal knows nothing of a call before it is connected; its tunnel offers it again.
            boolean waits = stays && seat.state() instanceof SessionState.Established;
            return changed(key, seat, waits ? new Seat(null, seat.state()) : null);
        });
        if (stays && !shards.contains(shard)) {
            dismissShard(shard);
        }
    }

    /** The shard is this node's from now on. */
    public void admitShard(int shard) {
        shards.add(shard);
    }

    /** The shard has another owner: those who are yet to wake will wake there. */
    public void dismissShard(int shard) {
        shards.remove(shard);
        for (SessionKey key : seats.keySet()) {
            if (Placement.shardOf(key.tunnelId()) == shard) {
                dismiss(key);
            }
        }
    }

    /** To be called while nobody else can change this call. */
    private @Nullable Seat changed(SessionKey key, @Nullable Seat before, @Nullable Seat after) {
        ofUsers.changed(key, before == null ? null : before.state(), after == null ? null : after.state());
        return after;
    }

    /** The calls of a user, as they were a moment ago. */
    public Set<SessionKey> of(String user) {
        return ofUsers.of(user);
    }

    public @Nullable Seat find(SessionKey key) {
        return seats.get(key);
    }

    public int count() {
        return seats.size();
    }

    public Collection<Map.Entry<SessionKey, Seat>> all() {
        return seats.entrySet();
    }
}
