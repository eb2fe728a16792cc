package io.warren.dataplane;

import io.warren.config.Ipv6;
import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.TrafficLimits;
import io.warren.wire.Bytes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The truth about what is forwarded: (tunnel id, session id) to a call upwards, destination address or prefix
 * to a call downwards. Look-ups take no lock and allocate nothing, on any thread; one writer at a time, by the monitor. When two
 * calls claim one address, packets go to the one installed last.
 */
public final class ForwardingTable implements SessionPlane {
    private final ToIntFunction<Endpoint> socketOf;
    private final int linkMtu;
    private final DataPlaneSettings.Forwarding forwarding;
    private final LongSupplier clock;

    // Our addresses, which nobody else sends from

    private final int gateway;
    private final @Nullable Ipv6 gateway6;

    private final SkippedKeys skippedKeys;
    private final List<ForwardingListener> listeners = new CopyOnWriteArrayList<>();
    private final SlotMap byKey = new SlotMap() {
        @Override
        int keyOf(Slot slot) {
            return slot.key;
        }
    };
    private final SlotMap byAddress = new SlotMap() {
        @Override
        int keyOf(Slot slot) {
            return slot.address;
        }
    };

    private final PrefixMap byPrefix = new PrefixMap();

    /** Networks behind subscribers: only for addresses that no call has itself. */
    private final PrefixMap byRoute = new PrefixMap();

    private final RouteClaims routes = new RouteClaims(byRoute, byKey::get);
    private final RouteClaims ipv6Routes = new RouteClaims(byPrefix, byKey::get);

    private final List<ClusterPlane.EntryWatcher> watchers = new CopyOnWriteArrayList<>();

    /** How many of the slots are for the case that another node is silent. */
    private int standbys;

    /** The call that takes what has no call of its own. */
    private volatile @Nullable Slot defaultRoute;

    private final Metering metering = new Metering();

    private final DeflateCalls deflateCalls;

    /** Counters of the calls that are gone. */
    private SessionCounters removed = SessionCounters.ZERO;

    /**
     * @param socketOf index of the socket to use for a local end of ours, -1 when there is none
     * @param linkMtu MTU of the network side; TCP's MSS is kept within it
     */
    ForwardingTable(ToIntFunction<Endpoint> socketOf, int linkMtu) {
        this(socketOf, linkMtu, DataPlaneSettings.Forwarding.DEFAULT, System::nanoTime);
    }

    /** Without addresses of ours. */
    ForwardingTable(
            ToIntFunction<Endpoint> socketOf,
            int linkMtu,
            DataPlaneSettings.Forwarding forwarding,
            LongSupplier clock) {
        this(socketOf, linkMtu, forwarding, clock, 0, null);
    }

    /**
     * @param socketOf index of the socket to use for a local end of ours, -1 when there is none
     * @param linkMtu MTU of the network side; TCP's MSS is kept within it
     * @param forwarding whether data packets carry the Length field, and how long they wait for one that is late
     * @param clock that the packet threads give to a {@link Policer}
     * @param gateway our address, 0 for none
     * @param gateway6 our IPv6 address; null without IPv6
     */
    ForwardingTable(
            ToIntFunction<Endpoint> socketOf,
            int linkMtu,
            DataPlaneSettings.Forwarding forwarding,
            LongSupplier clock,
            int gateway,
            @Nullable Ipv6 gateway6) {
        this.socketOf = socketOf;
        this.linkMtu = linkMtu;
        this.forwarding = forwarding;
        this.clock = clock;
        this.gateway = gateway;
        this.gateway6 = gateway6;
        this.skippedKeys = new SkippedKeys(clock.getAsLong());
        this.deflateCalls = new DeflateCalls(forwarding.deflateCalls());
    }

    static int key(SessionKey key) {
        return key.tunnelId() << 16 | key.sessionId();
    }

    static SessionKey sessionKey(int key) {
        return new SessionKey(key >>> 16, key & 0xffff);
    }

    /** The call with these ids of ours. */
    @Nullable
    Slot up(int key) {
        return byKey.get(key);
    }

    /** The call that has this address, else the one behind which it is, else the one that takes all others. */
    @Nullable
    Slot down(int address) {
        Slot slot = byAddress.get(address);
        if (slot == null) {
            slot = byRoute.get(RouteClaims.high(address));
        }
        return slot == null ? defaultRoute : slot;
    }

    /**
     * Whether this source, which is not a call's own, is in the networks behind it and, as far as is known here, nobody
     * else's: neither our address nor another call's, and in no smaller network behind another call. Calls with equal
     * networks share them.
     */
    boolean isBehind(RoutedNetworks networks, int source) {
        int longest = networks.longest(source);
        return longest != PrefixTable.NONE
                && source != gateway
                && byAddress.get(source) == null
                && byRoute.longest(RouteClaims.high(source)) <= longest;
    }

    /** The same of an IPv6 address; another call's own prefix is not shared, whatever its length. */
    boolean isBehindIpv6(Slot call, RoutedNetworks networks, long high, long low) {
        int longest = networks.longestIpv6(high);
        return longest != PrefixTable.NONE
                && (gateway6 == null || gateway6.high() != high || gateway6.low() != low)
                && !byPrefix.isOwnOfAnother(high, call)
                && byPrefix.longest(high) <= longest;
    }

    /** The same by the first 64 bits of an IPv6 address. */
    @Nullable
    Slot downIpv6(long high) {
        Slot slot = byPrefix.get(high);
        if (slot != null) {
            return slot;
        }
        Slot route = defaultRoute;
        return route != null && route.ipv6 ? route : null;
    }

    public void addListener(ForwardingListener listener) {
        listeners.add(listener);
    }

    /** Number of calls that are forwarded, without those that we stand by for. */
    public synchronized int size() {
        return byKey.size() - standbys;
    }

    @Override
    public synchronized void install(ForwardingEntry entry) {
        put(entry, false);
    }

    @Override
    public synchronized void installAll(Collection<ForwardingEntry> entries) {
        byKey.reserve(entries.size());
        byAddress.reserve(entries.size());
        for (ForwardingEntry entry : entries) {
            put(entry, false);
        }
    }

    // What a node of a cluster does for others: see ClusterPlane.

    synchronized void standBy(Collection<ForwardingEntry> entries) {
        byKey.reserve(entries.size());
        byAddress.reserve(entries.size());
        for (ForwardingEntry entry : entries) {
            Slot slot = byKey.get(key(entry.key()));
            if (slot == null || slot.standby) {
                put(entry, true);
            }
        }
    }

    synchronized void standDown(Collection<SessionKey> keys) {
        for (SessionKey key : keys) {
            Slot slot = byKey.get(key(key));
            if (slot != null && slot.standby) {
                drop(slot);
                metering.rest(slot.key, slot.traffic);
            }
        }
    }

    void readMeters(IntPredicate shards, ClusterPlane.MeterReader reader) {
        metering.read(shards, byKey, reader);
    }

    synchronized void learnMeters(Collection<CallMeters> calls, boolean byOwner) {
        for (CallMeters call : calls) {
            metering.learn(call, traffic(key(call.key())), byOwner);
        }
    }

    synchronized void forgetMeters(Collection<SessionKey> keys) {
        for (SessionKey key : keys) {
            if (byKey.get(key(key)) == null) {
                removed = removed.plus(metering.forget(key(key)));
            }
        }
    }

    /** Those who watch are not told: the new owner is whom they are to believe. */
    synchronized void demote(int shard) {
        skippedKeys.forgetShard(shard);
        for (Slot slot : ofShard(shard)) {
            if (!slot.standby) {
                put(slot.entry.withoutKeys(), true);
                for (ForwardingListener listener : listeners) {
                    listener.removed(slot.entry);
                }
            }
        }
    }

    synchronized void forgetShard(int shard) {
        skippedKeys.forgetShard(shard);
        for (Slot slot : ofShard(shard)) {
            drop(slot);
            removed = removed.plus(slot.traffic.read());
            if (!slot.standby) {
                for (ForwardingListener listener : listeners) {
                    listener.removed(slot.entry);
                }
            }
        }
        removed = removed.plus(metering.forgetShard(shard));
    }

    synchronized List<ForwardingEntry> installed(int shard) {
        return ofShard(shard).stream()
                .filter(slot -> !slot.standby)
                .map(slot -> slot.entry.withoutKeys())
                .toList();
    }

    synchronized void watch(ClusterPlane.EntryWatcher watcher) {
        watchers.add(watcher);
    }

    private List<Slot> ofShard(int shard) {
        return byKey.all().stream().filter(slot -> slot.key >>> 24 == shard).toList();
    }

    @Override
    public synchronized SessionCounters remove(SessionKey key) {
        Slot slot = byKey.get(key(key));
        if (slot == null || slot.standby) {
            return SessionCounters.ZERO;
        }
        drop(slot);
        metering.rest(slot.key, slot.traffic);
        for (ForwardingListener listener : listeners) {
            listener.removed(slot.entry);
        }
        for (ClusterPlane.EntryWatcher watcher : watchers) {
            watcher.removed(key);
        }
        return slot.traffic.read();
    }

    private void drop(Slot slot) {
        byKey.remove(slot.key);
        if (slot.standby) {
            standbys--;
        }
        forgetAddress(slot);
        forgetPrefixes(slot, List.of());
        claimRoutes(slot.key, null, slot.entry);
        Slot route = defaultRoute;
        if (route != null && route.key == slot.key) {
            defaultRoute = null;
        }
        if (slot.deflate != null) {
            slot.deflate.end();
        }
    }

    @Override
    public SessionCounters counters(SessionKey key) {
        Traffic traffic = traffic(key(key));
        return traffic == null ? SessionCounters.ZERO : traffic.read();
    }

    @Override
    public Meters meters(SessionKey key) {
        return metering.meters(key, traffic(key(key)));
    }

    @Override
    public synchronized void noted(SessionKey key, Map<Long, SessionCounters> meters) {
        metering.noted(key(key), meters);
    }

    /** Counters of a call, with or without an entry; null for a call that is not known. */
    private @Nullable Traffic traffic(int key) {
        Slot slot = up(key);
        return slot == null ? metering.find(key) : slot.traffic;
    }

    @Override
    public synchronized void limit(SessionKey key, TrafficLimits limits) {
        Slot slot = byKey.get(key(key));
        if (slot != null && !slot.standby) {
            put(slot.entry.withLimits(limits), false);
        }
    }

    @Override
    public int takeNs(SessionKey key) {
        Slot slot = up(key(key));
        return slot != null ? slot.traffic.takeNs() : metering.resting(key(key)).takeNs();
    }

    @Override
    public @Nullable Bytes encrypted(SessionKey key, Bytes frame) {
        Slot slot = up(key(key));
        if (slot == null || slot.plain) {
            return frame;
        }
        if (slot.mppe != null) {
            return ControlFrames.encrypted(slot.mppe, frame);
        }
        return slot.deflate == null ? frame : ControlFrames.compressed(slot.deflate, frame);
    }

    @Override
    public boolean hasRoomForCompression() {
        return deflateCalls.hasRoom();
    }

    @Override
    public synchronized void forget(SessionKey key) {
        boolean shown = metering.wasShown(key(key));
        removed = removed.plus(metering.forget(key(key)));
        if (shown) {
            for (ClusterPlane.EntryWatcher watcher : watchers) {
                watcher.removed(key);
            }
        }
        skippedKeys.forget(key);
    }

    /** What all calls have moved, those that are over included. */
    public synchronized SessionCounters totals() {
        SessionCounters sum = removed.plus(metering.sum());
        for (Slot slot : byKey.all()) {
            sum = sum.plus(slot.traffic.read());
        }
        return sum;
    }

    private void put(ForwardingEntry entry, boolean standby) {
        Slot old = byKey.get(key(entry.key()));
        int socket = socketOf.applyAsInt(entry.path().local());
        Traffic before = old == null ? metering.wake(key(entry.key())) : old.traffic;
        Traffic traffic = metering.traffic(entry, before);
        if (before != null && before != traffic) {
            removed = removed.plus(before.read());
        }
        long now = clock.getAsLong();
        Slot slot = new Slot(entry, socket, linkMtu, forwarding, old, traffic, skippedKeys, now, standby, deflateCalls);
        if (slot.address != 0 && (!standby || mayStandByFor(slot, byAddress.get(slot.address)))) {
            byAddress.put(slot);
        }
        List<Ipv6Prefix> prefixes = Slot.prefixes(entry);
        for (Ipv6Prefix prefix : prefixes) {
            if (!standby || mayStandByFor(slot, byPrefix.exactly(prefix.high(), prefix.length()))) {
                byPrefix.put(prefix, slot);
            }
        }
        byKey.put(slot);
        if (old != null && old.deflate != null && old.deflate != slot.deflate) {
            old.deflate.end();
        }
        standbys += (standby ? 1 : 0) - (old != null && old.standby ? 1 : 0);
        if (slot.defaultRoute && !standby) {
            defaultRoute = slot;
        }
        if (old != null && old.address != slot.address) {
            forgetAddress(old);
        }
        if (old != null) {
            forgetPrefixes(old, prefixes);
        }
        claimRoutes(slot.key, entry, old == null ? null : old.entry);
        if (standby) {
            return;
        }
        for (ForwardingListener listener : listeners) {
            listener.installed(entry);
        }
        for (ClusterPlane.EntryWatcher watcher : watchers) {
            watcher.installed(entry.withoutKeys());
        }
    }

    private void claimRoutes(int key, @Nullable ForwardingEntry now, @Nullable ForwardingEntry before) {
        if ((now != null && now.hasRoutes()) || (before != null && before.hasRoutes())) {
            routes.changed(key, RouteClaims.ipv4(now), RouteClaims.ipv4(before));
            ipv6Routes.changed(key, RouteClaims.ipv6(now), RouteClaims.ipv6(before));
        }
    }

    /** How often a call came with a route that another had. */
    public synchronized long contestedRoutes() {
        return routes.contested() + ipv6Routes.contested();
    }

    /** An entry that is installed keeps its addresses. */
    private static boolean mayStandByFor(Slot slot, @Nullable Slot holder) {
        return holder == null || holder.standby || holder.key == slot.key;
    }

    /** Unless another call has taken one of them meanwhile. */
    private void forgetPrefixes(Slot slot, List<Ipv6Prefix> kept) {
        for (Ipv6Prefix prefix : Slot.prefixes(slot.entry)) {
            Slot holder = byPrefix.exactly(prefix.high(), prefix.length());
            if (holder != null && holder.key == slot.key && !kept.contains(prefix)) {
                byPrefix.remove(prefix);
                ipv6Routes.settle(prefix);
            }
        }
    }

    /** Unless another call has taken the address meanwhile. */
    private void forgetAddress(Slot slot) {
        Slot holder = byAddress.get(slot.address);
        if (holder != null && holder.key == slot.key) {
            byAddress.remove(slot.address);
        }
    }
}
