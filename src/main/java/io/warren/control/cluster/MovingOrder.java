package io.warren.control.cluster;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * In which order the parts of a shard move to another node: a part follows when the parts before it have left. The
 * coordinators of all parts are on the same node, the oldest, and share this. Each looks about twice a second; what it saw
 * stands here for the others until it looks again. Safe for use by many threads.
 */
final class MovingOrder {
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

    /** The parts that there are. */
    private final Set<Part> parts = EnumSet.noneOf(Part.class);
    /** By part, the owner of each shard; no entry for a part of which nothing is known yet. */
    private final Map<Part, Map<Integer, String>> seen = new EnumMap<>(Part.class);

    /** The part takes its place in the order. */
    synchronized void join(Part part) {
        parts.add(part);
    }

    /** What the coordinator of a part sees: who has which shard, those on the move with the one who is to lose them. */
    synchronized void saw(Part part, Map<Integer, String> owners) {
        seen.put(part, Map.copyOf(owners));
    }

    /** Of these shards of a part, those whose turn it is. */
    synchronized Set<Integer> allowed(Part part, Map<Integer, String> owners) {
        return owners.entrySet().stream()
                .filter(entry -> isTurn(part, entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private boolean isTurn(Part part, int shard, String owner) {
        for (Part before : parts) {
            if (before.compareTo(part) >= 0) {
                return true;
            }
            Map<Integer, String> owners = seen.get(before);
            if (owners == null || owner.equals(owners.get(shard))) {
                return false;
            }
        }
        return true;
    }
}
