package io.warren.control.ingress;

import io.warren.control.port.Placement;
import java.util.stream.IntStream;

/**
 * The shards in which this node may begin new tunnels: those whose keeper runs here and knows what lives in them. Safe
 * to use from any thread.
 */
public final class ReadyShards {
    private final boolean alone;
    private volatile int[] shards;

    private ReadyShards(boolean alone, int[] shards) {
        this.alone = alone;
        this.shards = shards;
    }

    /** Of a node by itself: all of them, always. */
    public static ReadyShards alone() {
        return new ReadyShards(true, IntStream.range(0, Placement.SHARDS).toArray());
    }

    /** Of a node in a cluster: none yet. */
    public static ReadyShards none() {
        return new ReadyShards(false, new int[0]);
    }

    /** Whether there are no other nodes that could take what this one does not. */
    public boolean isAlone() {
        return alone;
    }

    public synchronized void add(int shard) {
        shards = IntStream.concat(IntStream.of(shards), IntStream.of(shard))
                .distinct()
                .toArray();
    }

    public synchronized void remove(int shard) {
        shards = IntStream.of(shards).filter(other -> other != shard).toArray();
    }

    boolean has(int shard) {
        return IntStream.of(shards).anyMatch(other -> other == shard);
    }

    public int count() {
        return shards.length;
    }

    /** At this moment, in no order; not to be changed. */
    public int[] now() {
        return shards;
    }
}
