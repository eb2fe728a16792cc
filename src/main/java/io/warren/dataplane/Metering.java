package io.warren.dataplane;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Meters;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Counters of calls that no {@link Slot} holds: of calls without an entry just now, and what other nodes have counted of
 * our calls. Look-ups from any thread; changes by one at a time, which {@link ForwardingTable} sees to.
 */
final class Metering {
    /** A call has so many meters elsewhere that the journal does not know; it moves between nodes rarely. */
    private static final int MOST_ELSEWHERE = 16;

    /** So that no two nodes, and no two lives of a node, have meters of the same number. */
    private final AtomicLong lastNumber = new AtomicLong(new SecureRandom().nextLong());

    /** Calls that are coming up, are negotiated anew, or are going. */
    private final Map<Integer, Traffic> resting = new ConcurrentHashMap<>();

    private final Map<Integer, CallMeters> elsewhere = new ConcurrentHashMap<>();

    /** Calls that were shown to a reader while they had no entry. */
    private final Set<Integer> shown = ConcurrentHashMap.newKeySet();

    private long number() {
        return lastNumber.incrementAndGet();
    }

    /** Counters of a call without an entry, to number its frames. */
    Traffic resting(int key) {
        return resting.computeIfAbsent(key, _ -> new Traffic(number()));
    }

    @Nullable
    Traffic find(int key) {
        return resting.get(key);
    }

    /** The call has no entry any more. */
    void rest(int key, Traffic traffic) {
        resting.put(key, traffic);
    }

    /** The call gets an entry. */
    @Nullable
    Traffic wake(int key) {
        return resting.remove(key);
    }

    /** The counters of an entry: those that the call has so far, unless our ids were another call's then. */
    Traffic traffic(ForwardingEntry entry, @Nullable Traffic before) {
        Traffic traffic = before != null ? before : new Traffic(number());
        if (traffic.takesCall(entry.peerTunnelId(), entry.peerSessionId())) {
            // Others may have told of an older call with our ids before there was an entry.
            elsewhere.computeIfPresent(
                    ForwardingTable.key(entry.key()),
                    (_, told) -> told.isOf(entry.key(), entry.peerTunnelId(), entry.peerSessionId()) ? told : null);
            return traffic;
        }
        elsewhere.remove(ForwardingTable.key(entry.key()));
        Traffic another = traffic.successor(number());
        another.takesCall(entry.peerTunnelId(), entry.peerSessionId());
        return another;
    }

    Meters meters(SessionKey key, @Nullable Traffic traffic) {
        CallMeters others = elsewhere.get(ForwardingTable.key(key));
        if (traffic == null) {
            return others == null ? Meters.NONE : new Meters(0, SessionCounters.ZERO, others);
        }
        return new Meters(traffic.meter, traffic.read(), others);
    }

    /**
     * @param traffic counters of the call here
     * @param byOwner see {@link ClusterPlane#learnMeters}
     */
    void learn(CallMeters told, @Nullable Traffic traffic, boolean byOwner) {
        boolean another = traffic != null
                && traffic.hasCall()
                && !told.isOf(told.key(), traffic.peerTunnelId(), traffic.peerSessionId());
        if (another || (traffic == null && !byOwner)) {
            return;
        }
        int key = ForwardingTable.key(told.key());
        CallMeters before = elsewhere.get(key);
        Map<Long, SessionCounters> meters = new HashMap<>();
        if (before != null && before.isOf(told.key(), told.peerTunnelId(), told.peerSessionId())) {
            meters.putAll(before.meters());
        }
        told.meters().forEach((number, counters) -> {
            SessionCounters known = meters.get(number);
            if (traffic != null && traffic.meter == number) {
                return;
            }
            if (known != null) {
                meters.put(number, known.max(counters));
            } else if (meters.size() < MOST_ELSEWHERE) {
                meters.put(number, counters);
            }
        });
        if (!meters.isEmpty()) {
            elsewhere.put(key, told.with(meters));
        }
    }

    /** What the journal knows need not be known here. */
    void noted(int key, Map<Long, SessionCounters> noted) {
        elsewhere.computeIfPresent(key, (_, known) -> {
            Map<Long, SessionCounters> rest = new HashMap<>(known.meters());
            rest.entrySet().removeIf(meter -> {
                SessionCounters up = noted.get(meter.getKey());
                return up != null && up.atLeast(meter.getValue());
            });
            return rest.isEmpty() ? null : known.with(rest);
        });
    }

    void read(IntPredicate shards, SlotMap slots, ClusterPlane.MeterReader reader) {
        slots.forEach(slot -> {
            if (shards.test(slot.key >>> 24)) {
                show(slot.key, slot.traffic, reader);
            }
        });
        resting.forEach((key, traffic) -> {
            if (shards.test(key >>> 24) && traffic.hasCall() && slots.get(key) == null) {
                if (isShown(key)) {
                    show(key, traffic, reader);
                }
            }
        });
        elsewhere.forEach((key, others) -> {
            if (shards.test(key >>> 24) && !resting.containsKey(key) && slots.get(key) == null) {
                if (isShown(key)) {
                    reader.read(0, others);
                }
            }
        });
    }

    /** Nothing is shown of a call that was forgotten meanwhile: nobody would take that back. */
    private boolean isShown(int key) {
        shown.add(key);
        if (resting.containsKey(key) || elsewhere.containsKey(key)) {
            return true;
        }
        shown.remove(key);
        return false;
    }

    private void show(int key, Traffic traffic, ClusterPlane.MeterReader reader) {
        SessionCounters here = traffic.read();
        CallMeters others = elsewhere.get(key);
        if (others != null) {
            Map<Long, SessionCounters> all = new HashMap<>(others.meters());
            all.put(traffic.meter, here);
            reader.read(traffic.meter, others.with(all));
        } else if (!here.equals(SessionCounters.ZERO)) {
            reader.read(
                    traffic.meter,
                    new CallMeters(
                            ForwardingTable.sessionKey(key),
                            traffic.peerTunnelId(),
                            traffic.peerSessionId(),
                            Map.of(traffic.meter, here)));
        }
    }

    /**
     * The call is over, or not ours to know of.
     *
     * @return what it had counted here since it had an entry
     */
    SessionCounters forget(int key) {
        elsewhere.remove(key);
        Traffic traffic = resting.remove(key);
        // last: see isShown
        shown.remove(key);
        return traffic == null ? SessionCounters.ZERO : traffic.read();
    }

    /** Whether somebody may believe that the call has counters yet, although it has no entry. */
    boolean wasShown(int key) {
        return shown.contains(key);
    }

    /** @return what its calls without entries had counted here */
    SessionCounters forgetShard(int shard) {
        SessionCounters sum = SessionCounters.ZERO;
        for (int key : resting.keySet()) {
            if (key >>> 24 == shard) {
                sum = sum.plus(forget(key));
            }
        }
        elsewhere.keySet().removeIf(key -> key >>> 24 == shard);
        shown.removeIf(key -> key >>> 24 == shard);
        return sum;
    }

    /** What calls without entries have counted. */
    SessionCounters sum() {
        SessionCounters sum = SessionCounters.ZERO;
        for (Traffic traffic : resting.values()) {
            sum = sum.plus(traffic.read());
        }
        return sum;
    }
}
