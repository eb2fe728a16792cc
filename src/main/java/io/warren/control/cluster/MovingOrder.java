package io.warren.control.cluster;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * In which order the parts of a shard move to another node, and how many shards are on the way: a part follows when the
 * parts before it have left, and a shard sets out when another one has arrived. The coordinators of all parts are on the
 * same node, the oldest, and share this; what each of them saw last stands here for the others. Safe for use by many
 * threads.
 */
final class MovingOrder {
    /**
     * Shards on the way at a time. A newcomer has everything to do for the first time, and a shard whose calls are there
     * already waits for its keeper: with few on the way, each is there soon.
     */
    static final int MOST_ON_THE_WAY = 6;

    /** A shard that has not arrived after so many nanoseconds holds no other one back. */
    private static final long STUCK = 5_000_000_000L;

    /** The entities that have a shard in common, in the order in which they leave. */
    enum Part {
        /** First: a tunnel that wakes elsewhere offers its calls in set-up to their sessions once more. */
        SESSIONS,
        TUNNELS,
        /** Lends nothing at its new place before the keeper is there, too. */
        LENDER,
        /**
         * Last: when it looks into the journal at its new place, everything is written that the others wrote at the old
         * one, so no address that a call has is taken for a free one.
         */
        KEEPER
    }

    private record Departed(@Nullable String from, long at) {}

    private final IntFunction<@Nullable String> owner;
    /** The parts that there are. */
    private final Set<Part> parts = EnumSet.noneOf(Part.class);
    /** By part, the node of each shard; no entry for a part of which nothing is known yet. */
    private final Map<Part, Map<Integer, String>> seen = new EnumMap<>(Part.class);

    private final Map<Integer, Departed> onTheWay = new HashMap<>();

    /** @param owner which node has announced a shard as its own; null for nobody */
    MovingOrder(IntFunction<@Nullable String> owner) {
        this.owner = owner;
    }

    /** The part takes its place in the order. */
    synchronized void join(Part part) {
        parts.add(part);
    }

    /** What the coordinator of a part sees: who has which shard, those on the move with the one who is to lose them. */
    synchronized void saw(Part part, Map<Integer, String> nodes) {
        seen.put(part, Map.copyOf(nodes));
    }

    /** Of these shards of a part, by the nodes that have them, those whose turn it is. */
    synchronized Set<Integer> turn(Part part, Map<Integer, String> nodes) {
        Set<Integer> turn = new TreeSet<>();
        nodes.forEach((shard, node) -> {
            if (isTurn(part, shard, node)) {
                turn.add(shard);
            }
        });
        return turn;
    }

    private boolean isTurn(Part part, int shard, String node) {
        for (Part before : parts) {
            if (before.compareTo(part) >= 0) {
                return true;
            }
            Map<Integer, String> nodes = seen.get(before);
            if (nodes == null || node.equals(nodes.get(shard))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Of these shards, whose turn it is and which are to leave these nodes, those that do: what is on the way goes on, and
     * others set out in the order of their numbers.
     *
     * @param now monotonic, in nanoseconds
     */
    synchronized Set<Integer> setOut(Map<Integer, String> leaving, long now) {
        onTheWay.entrySet().removeIf(entry -> hasArrived(entry.getKey(), entry.getValue(), now));
        Set<Integer> going = new TreeSet<>();
        for (int shard : new TreeSet<>(leaving.keySet())) {
            if (onTheWay.containsKey(shard) || onTheWay.size() < MOST_ON_THE_WAY) {
                onTheWay.putIfAbsent(shard, new Departed(leaving.get(shard), now));
                going.add(shard);
            }
        }
        return going;
    }

    private boolean hasArrived(int shard, Departed departed, long now) {
        String current = owner.apply(shard);
        return (current != null && !current.equals(departed.from())) || now - departed.at() > STUCK;
    }
}
