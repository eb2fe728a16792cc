package io.warren.control.ingress;

import io.warren.control.port.Placement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the messages of each peer are handled, which the journal does not always know: of the tunnels here, and of
 * those for which this node stands by. A tunnel that comes back with it need not wait for its peer's repetitions to find out.
 * What is missing or a little old here costs that wait, and nothing else. Safe for use by many threads.
 */
public final class PeerPositions {
    /**
     * Where a peer is.
     *
     * @param since when the tunnel began: another one may have the same id later
     * @param nr every message before this number is handled, and what it did is in the journal
     */
    public record Position(Instant since, int nr) {
        public Position {
            since = since.truncatedTo(ChronoUnit.MICROS); // as the journal has it
        }
    }

    /** What others have to know. */
    public record News(Map<Integer, Position> positions, Set<Integer> gone) {
        public boolean isEmpty() {
            return positions.isEmpty() && gone.isEmpty();
        }
    }

    private final Map<Integer, Position> positions = new HashMap<>();
    private final Set<Integer> changed = new HashSet<>();
    /** Null while there are no others who would have to know: then nothing is kept for them. */
    private @Nullable Runnable some;

    /** @param toNews run when there are news, once until they are taken; must not block */
    public synchronized void listen(Runnable toNews) {
        some = toNews;
    }

    /** A tunnel of this node has handled what was before this. */
    public void note(int tunnelId, Position position) {
        synchronized (this) {
            if (position.equals(positions.put(tunnelId, position))) {
                return;
            }
        }
        changed(tunnelId);
    }

    /** The tunnel is over. */
    public void forget(int tunnelId) {
        synchronized (this) {
            if (positions.remove(tunnelId) == null) {
                return;
            }
        }
        changed(tunnelId);
    }

    private void changed(int tunnelId) {
        Runnable tell;
        synchronized (this) {
            tell = changed.isEmpty() ? some : null;
            if (some != null) {
                changed.add(tunnelId);
            }
        }
        if (tell != null) {
            tell.run();
        }
    }

    /** What is known of the peer of the tunnel that began then. */
    public synchronized OptionalInt find(int tunnelId, Instant since) {
        Position known = positions.get(tunnelId);
        return known != null && known.since().equals(since.truncatedTo(ChronoUnit.MICROS))
                ? OptionalInt.of(known.nr())
                : OptionalInt.empty();
    }

    /** The owner of tunnels for which we stand by says so. */
    public synchronized void hear(News news) {
        positions.putAll(news.positions());
        positions.keySet().removeAll(news.gone());
    }

    /** What changed on this node since the last time. */
    public synchronized News takeNews() {
        Map<Integer, Position> now = new HashMap<>();
        Set<Integer> gone = new HashSet<>();
        for (int tunnelId : changed) {
            Position position = positions.get(tunnelId);
            if (position == null) {
                gone.add(tunnelId);
            } else {
                now.put(tunnelId, position);
            }
        }
        changed.clear();
        return new News(now, gone);
    }

    /** Another node stands by for the shard: all of it is news. */
    public synchronized void repeat(int shard) {
        positions.keySet().stream()
                .filter(tunnelId -> Placement.shardOf(tunnelId) == shard)
                .forEach(changed::add);
    }

    /** The shard is none of ours. */
    public synchronized void dropShard(int shard) {
        positions.keySet().removeIf(tunnelId -> Placement.shardOf(tunnelId) == shard);
        changed.removeIf(tunnelId -> Placement.shardOf(tunnelId) == shard);
    }
}
