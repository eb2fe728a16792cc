package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.TrafficLimits;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The truth about what is forwarded: (tunnel id, session id) to a call upwards, destination address to a call
 * downwards. Look-ups take no lock and allocate nothing, on any thread; one writer at a time, by the monitor. When two
 * calls claim one address, packets go to the one installed last.
 */
public final class ForwardingTable implements SessionPlane {
    private final ToIntFunction<Endpoint> socketOf;
    private final int linkMtu;
    private final DataPlaneSettings.Forwarding forwarding;
    private final LongSupplier clock;
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

    /** The call that takes what has no call of its own. */
    private volatile @Nullable Slot defaultRoute;

    /** Calls without an entry that number their frames: those that are coming up, or going. Only Ns is used. */
    private final Map<Integer, Traffic> numbersOfOthers = new ConcurrentHashMap<>();

    /** Counters of the entries that are gone. */
    private SessionCounters removed = SessionCounters.ZERO;

    /**
     * @param socketOf index of the socket to use for a local end of ours, -1 when there is none
     * @param linkMtu MTU of the network side; TCP's MSS is kept within it
     */
    ForwardingTable(ToIntFunction<Endpoint> socketOf, int linkMtu) {
        this(socketOf, linkMtu, DataPlaneSettings.Forwarding.DEFAULT, System::nanoTime);
    }

    /**
     * @param forwarding whether data packets carry the Length field, and how long they wait for one that is late
     * @param clock that the packet threads give to a {@link Policer}
     */
    ForwardingTable(
            ToIntFunction<Endpoint> socketOf,
            int linkMtu,
            DataPlaneSettings.Forwarding forwarding,
            LongSupplier clock) {
        this.socketOf = socketOf;
        this.linkMtu = linkMtu;
        this.forwarding = forwarding;
        this.clock = clock;
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

    /** The call that has this address, else the one that takes all others, if there is one. */
    @Nullable
    Slot down(int address) {
        Slot slot = byAddress.get(address);
        return slot == null ? defaultRoute : slot;
    }

    public void addListener(ForwardingListener listener) {
        listeners.add(listener);
    }

    /** Number of calls that are forwarded. */
    public synchronized int size() {
        return byKey.size();
    }

    @Override
    public synchronized void install(ForwardingEntry entry) {
        put(entry);
    }

    @Override
    public synchronized void installAll(Collection<ForwardingEntry> entries) {
        byKey.reserve(entries.size());
        byAddress.reserve(entries.size());
        for (ForwardingEntry entry : entries) {
            put(entry);
        }
    }

    @Override
    public synchronized SessionCounters remove(SessionKey key) {
        Slot slot = byKey.remove(key(key));
        if (slot == null) {
            return SessionCounters.ZERO;
        }
        forgetAddress(slot);
        Slot route = defaultRoute;
        if (route != null && route.key == slot.key) {
            defaultRoute = null;
        }
        for (ForwardingListener listener : listeners) {
            listener.removed(slot.entry);
        }
        if (slot.entry.sendSequence()) {
            numbersOfOthers.put(slot.key, slot.traffic.successor());
        }
        SessionCounters last = slot.traffic.read();
        removed = removed.plus(last);
        return last;
    }

    @Override
    public SessionCounters counters(SessionKey key) {
        Slot slot = up(key(key));
        return slot == null ? SessionCounters.ZERO : slot.traffic.read();
    }

    @Override
    public synchronized void limit(SessionKey key, TrafficLimits limits) {
        Slot slot = byKey.get(key(key));
        if (slot != null) {
            put(slot.entry.withLimits(limits));
        }
    }

    @Override
    public int takeNs(SessionKey key) {
        Slot slot = up(key(key));
        return slot != null
                ? slot.traffic.takeNs()
                : numbersOfOthers.computeIfAbsent(key(key), _ -> new Traffic()).takeNs();
    }

    @Override
    public void forget(SessionKey key) {
        numbersOfOthers.remove(key(key));
    }

    /** What all calls have moved, those that are over included. */
    public synchronized SessionCounters totals() {
        SessionCounters sum = removed;
        for (Slot slot : byKey.all()) {
            sum = sum.plus(slot.traffic.read());
        }
        return sum;
    }

    private void put(ForwardingEntry entry) {
        Slot old = byKey.get(key(entry.key()));
        int socket = socketOf.applyAsInt(entry.path().local());
        Slot slot = new Slot(entry, socket, linkMtu, forwarding, old, traffic(entry, old), clock.getAsLong());
        byAddress.put(slot);
        byKey.put(slot);
        if (slot.defaultRoute) {
            defaultRoute = slot;
        }
        if (old != null && old.address != slot.address) {
            forgetAddress(old);
        }
        for (ForwardingListener listener : listeners) {
            listener.installed(entry);
        }
    }

    /** The counters to go on with, of which Ns is the one that began before the entry. */
    private Traffic traffic(ForwardingEntry entry, @Nullable Slot old) {
        if (old != null) {
            return old.traffic;
        }
        Traffic begun = entry.sendSequence() ? numbersOfOthers.remove(key(entry.key())) : null;
        return begun != null ? begun : new Traffic();
    }

    /** Unless another call has taken the address meanwhile. */
    private void forgetAddress(Slot slot) {
        Slot holder = byAddress.get(slot.address);
        if (holder != null && holder.key == slot.key) {
            byAddress.remove(slot.address);
        }
    }
}
