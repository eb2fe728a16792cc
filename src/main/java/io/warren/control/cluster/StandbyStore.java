package io.warren.control.cluster;

import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The standby's side: hands what the owners send to the forwarding plane, asks for a snapshot when a batch is missing,
 * and knows which calls it stands by with. For one thread.
 */
final class StandbyStore {
    private static final class Held {
        private final Set<SessionKey> keys;
        /** Not named so far by the snapshot that is coming in. */
        private final Set<SessionKey> unnamed = new HashSet<>();

        private String owner = "";
        private long epoch;
        private long expected;
        private boolean whole;

        Held(Collection<SessionKey> keys) {
            this.keys = new HashSet<>(keys);
        }
    }

    private final String self;
    private final ClusterPlane plane;
    private final Map<Integer, Held> shards = new HashMap<>();

    StandbyStore(String self, ClusterPlane plane) {
        this.self = self;
        this.plane = plane;
    }

    /** We stand by from now on; these calls the plane has already. */
    void begin(int shard, Collection<SessionKey> known) {
        shards.put(shard, new Held(known));
    }

    /** We do not stand by any more; the calls that we did it with. */
    Set<SessionKey> end(int shard) {
        Held held = shards.remove(shard);
        return held == null ? Set.of() : held.keys;
    }

    /** Takes a batch; the answer to it, or null when it is not for us: its sender will try again. */
    @Nullable
    StandbyAnswer accept(StandbyBatch batch) {
        Held held = shards.get(batch.shard());
        if (held == null || batch.epoch() < held.epoch) {
            return null;
        }
        if (MeterStream.isOne(batch.number())) {
            Bytes meters = batch.meters();
            return batch.from().equals(held.owner) && batch.epoch() == held.epoch
                    ? answer(batch, meters == null || !MeterExchange.learn(plane, meters, true))
                    : null;
        }
        if (batch.begins()) {
            held.owner = batch.from();
            held.epoch = batch.epoch();
            held.whole = false;
            held.unnamed.clear();
            held.unnamed.addAll(held.keys);
        } else if (!batch.from().equals(held.owner) || batch.epoch() != held.epoch || batch.number() != held.expected) {
            return answer(batch, true);
        }
        held.expected = batch.number() + 1;
        take(held, batch);
        return answer(batch, false);
    }

    private void take(Held held, StandbyBatch batch) {
        plane.standBy(batch.installed());
        for (ForwardingEntry entry : batch.installed()) {
            held.keys.add(entry.key());
            held.unnamed.remove(entry.key());
        }
        drop(held, batch.removed());
        if (batch.ends()) {
            drop(held, Set.copyOf(held.unnamed));
            held.unnamed.clear();
            held.whole = true;
        }
    }

    private void drop(Held held, Collection<SessionKey> gone) {
        if (!gone.isEmpty()) {
            plane.standDown(gone);
            plane.forgetMeters(gone);
            held.keys.removeAll(gone);
            held.unnamed.removeAll(gone);
        }
    }

    private StandbyAnswer answer(StandbyBatch batch, boolean again) {
        return new StandbyAnswer(self, batch.shard(), batch.epoch(), batch.number(), again);
    }

    /** Whose batches we take; null when there were none. */
    @Nullable
    String owner(int shard) {
        Held held = shards.get(shard);
        return held == null || held.owner.isEmpty() ? null : held.owner;
    }

    /** The calls that we stand by with. */
    Set<SessionKey> keys(int shard) {
        Held held = shards.get(shard);
        return held == null ? Set.of() : Set.copyOf(held.keys);
    }

    /** How many these are. */
    int entries(int shard) {
        Held held = shards.get(shard);
        return held == null ? 0 : held.keys.size();
    }

    /** Shards whose entries we have in whole. */
    int wholeShards() {
        return (int) shards.values().stream().filter(held -> held.whole).count();
    }

    /** Entries that we stand by with. */
    int entries() {
        return shards.values().stream().mapToInt(held -> held.keys.size()).sum();
    }
}
