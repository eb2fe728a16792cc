package io.warren.control.cluster;

import akka.actor.typed.ActorRef;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shards whose keepers are installing their entries and have not announced them. Noted by the keeper itself, since
 * the board may see the entries before any message of the keeper. Safe to use from any thread.
 */
final class Arrivals {
    private final Map<Integer, ActorRef<ShardKeeper.Command>> keepers = new ConcurrentHashMap<>();

    /** To be called before the first entry is installed. */
    void begin(int shard, ActorRef<ShardKeeper.Command> keeper) {
        keepers.put(shard, keeper);
    }

    /** The shard is announced, or its keeper has left; a later keeper's arrival goes on. False when there was none. */
    boolean end(int shard, ActorRef<ShardKeeper.Command> keeper) {
        return keepers.remove(shard, keeper);
    }

    boolean contains(int shard) {
        return keepers.containsKey(shard);
    }
}
