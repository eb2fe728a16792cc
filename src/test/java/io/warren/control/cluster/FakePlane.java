package io.warren.control.cluster;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;

/** The forwarding plane's entries as the contracts of {@code control.port} have them, and no packets. */
final class FakePlane implements ClusterPlane, SessionPlane {
    private static final Endpoint HERE = new Endpoint(Bytes.of((byte) 10, (byte) 0, (byte) 0, (byte) 1), 1701);

    private record Entry(ForwardingEntry entry, boolean installed) {}

    private final Map<SessionKey, Entry> entries = new ConcurrentHashMap<>();
    /** What is known of the calls' counters, here or from others. */
    final Map<SessionKey, CallMeters> meters = new ConcurrentHashMap<>();

    /** The number of the meter that is here. */
    long own;

    private final List<EntryWatcher> watchers = new CopyOnWriteArrayList<>();
    private volatile Placement placement = Placement.ALONE;

    /** Run each time when packets go elsewhere from now on. */
    volatile Runnable placed = () -> {};

    /** What was known of the calls of shards that this node was told to forget. */
    final Map<SessionKey, CallMeters> forgotten = new ConcurrentHashMap<>();

    static ForwardingEntry entry(SessionKey key, int address) {
        return new ForwardingEntry(
                key, new PeerPath(HERE, HERE), 1, 1, address, 1500, false, false, false, false, TrafficLimits.NONE);
    }

    Placement placement() {
        return placement;
    }

    Collection<ForwardingEntry> standbyEntries(int shard) {
        return of(shard, false);
    }

    private List<ForwardingEntry> of(int shard, boolean installed) {
        return entries.values().stream()
                .filter(entry -> entry.installed() == installed)
                .map(Entry::entry)
                .filter(entry -> Placement.shardOf(entry.key().tunnelId()) == shard)
                .toList();
    }

    @Override
    public void place(Placement now) {
        placement = now;
        placed.run();
    }

    @Override
    public void standBy(Collection<ForwardingEntry> more) {
        more.forEach(entry ->
                entries.merge(entry.key(), new Entry(entry, false), (old, given) -> old.installed() ? old : given));
    }

    @Override
    public void standDown(Collection<SessionKey> keys) {
        keys.forEach(key -> entries.computeIfPresent(key, (_, old) -> old.installed() ? old : null));
    }

    @Override
    public void demote(int shard) {
        of(shard, true).forEach(entry -> entries.put(entry.key(), new Entry(entry, false)));
    }

    @Override
    public void forgetShard(int shard) {
        entries.keySet().removeIf(key -> Placement.shardOf(key.tunnelId()) == shard);
        meters.forEach((key, call) -> {
            if (Placement.shardOf(key.tunnelId()) == shard) {
                forgotten.put(key, call);
                meters.remove(key);
            }
        });
    }

    @Override
    public Collection<ForwardingEntry> installed(int shard) {
        return of(shard, true);
    }

    @Override
    public void watch(EntryWatcher watcher) {
        watchers.add(watcher);
    }

    @Override
    public void readMeters(IntPredicate shards, MeterReader reader) {
        meters.values().stream()
                .filter(call -> shards.test(Placement.shardOf(call.key().tunnelId())))
                .forEach(call -> reader.read(own, call));
    }

    @Override
    public void learnMeters(Collection<CallMeters> calls, boolean byOwner) {
        calls.forEach(call -> meters.merge(call.key(), call, (old, told) -> {
            Map<Long, SessionCounters> both = new HashMap<>(old.meters());
            told.meters().forEach((number, shows) -> both.merge(number, shows, SessionCounters::max));
            return told.with(both);
        }));
    }

    @Override
    public void forgetMeters(Collection<SessionKey> keys) {
        meters.keySet().removeAll(keys);
    }

    @Override
    public boolean handOn(PeerPath path, byte[] datagram) {
        return false;
    }

    @Override
    public Set<Endpoint> heard() {
        return Set.of();
    }

    @Override
    public void install(ForwardingEntry entry) {
        entries.put(entry.key(), new Entry(entry, true));
        watchers.forEach(watcher -> watcher.installed(entry));
    }

    @Override
    public void installAll(Collection<ForwardingEntry> many) {
        many.forEach(this::install);
    }

    @Override
    public SessionCounters remove(SessionKey key) {
        entries.remove(key);
        watchers.forEach(watcher -> watcher.removed(key));
        return SessionCounters.ZERO;
    }

    @Override
    public SessionCounters counters(SessionKey key) {
        return SessionCounters.ZERO;
    }

    @Override
    public void limit(SessionKey key, TrafficLimits limits) {}

    @Override
    public int takeNs(SessionKey key) {
        return 0;
    }

    @Override
    public void forget(SessionKey key) {}
}
