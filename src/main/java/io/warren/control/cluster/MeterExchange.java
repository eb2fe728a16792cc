package io.warren.control.cluster;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionKey;
import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the standbys what our calls have moved, each second, so that a node that is killed takes no more with it; and the
 * owners what we have forwarded for them while they were silent. For one thread.
 */
final class MeterExchange {
    private static final Logger LOG = LoggerFactory.getLogger("warren.cluster");

    /** A quarter of the shards in each beat, so that no beat has much to do. */
    private static final int SLICES = 4;

    /** What was told to an owner is told anew now and then: nobody answers that. */
    private static final int BEATS_UNTIL_AGAIN = 256;

    private final BoardWorld world;
    private final StandbyFeed feed;
    private final StandbyStore store;
    private final Map<SessionKey, Long> toldOwner = new HashMap<>();

    MeterExchange(BoardWorld world, StandbyFeed feed, StandbyStore store) {
        this.world = world;
        this.feed = feed;
        this.store = store;
    }

    /** To be called four times a second, with numbers that rise by one. */
    void beat(int beat) {
        long now = world.nanos().getAsLong();
        if (beat % BEATS_UNTIL_AGAIN == 0) {
            toldOwner.clear();
        }
        BitSet ourShards = new BitSet(Placement.SHARDS);
        BitSet shards = new BitSet(Placement.SHARDS);
        for (int shard = beat % SLICES; shard < Placement.SHARDS; shard += SLICES) {
            ourShards.set(shard, feed.takesMeters(shard, now));
            shards.set(shard, ourShards.get(shard) || store.owner(shard) != null);
        }
        if (shards.isEmpty()) {
            return;
        }
        Map<Integer, List<CallMeters>> ours = new HashMap<>();
        Map<Integer, List<CallMeters>> ofOthers = new HashMap<>();
        world.plane().readMeters(shards::get, (own, call) -> {
            int shard = Placement.shardOf(call.key().tunnelId());
            if (ourShards.get(shard)) {
                of(ours, shard).add(call);
            } else if (isNewsForOwner(own, call)) {
                of(ofOthers, shard).add(only(own, call));
            }
        });
        ours.forEach((shard, calls) -> feed.meters(shard, calls, now)
                .forEach(outgoing -> world.others().tell(outgoing.node(), outgoing.batch())));
        ofOthers.forEach((shard, calls) -> {
            String owner = store.owner(shard);
            if (owner != null) {
                send(world, owner, shard, calls);
            }
        });
    }

    /** We are to know nothing of this shard any more: what we have counted of it is its owner's. */
    static void leave(BoardWorld world, int shard, String owner) {
        List<CallMeters> all = new ArrayList<>();
        world.plane().readMeters(one -> one == shard, (_, call) -> all.add(call));
        send(world, owner, shard, all);
    }

    /** An answer may hold what its sender has counted. */
    void hear(StandbyAnswer answer) {
        Bytes meters = answer.meters();
        if (meters != null && !learn(world.plane(), meters, false)) {
            LOG.warn("{} tells of counters in a way that is not understood here", answer.from());
        }
    }

    /** @return whether it could be read */
    static boolean learn(ClusterPlane plane, Bytes meters, boolean byOwner) {
        try {
            plane.learnMeters(MeterCodec.decode(meters), byOwner);
            return true;
        } catch (WireException unreadable) {
            return false;
        }
    }

    private static void send(BoardWorld world, String owner, int shard, List<CallMeters> calls) {
        for (int from = 0; from < calls.size(); from += MeterStream.BATCH) {
            List<CallMeters> part = calls.subList(from, Math.min(calls.size(), from + MeterStream.BATCH));
            world.others().tell(owner, StandbyAnswer.unasked(world.self(), shard, MeterCodec.encode(part)));
        }
    }

    private boolean isNewsForOwner(long own, CallMeters call) {
        SessionCounters here = call.meters().get(own);
        if (here == null || here.equals(SessionCounters.ZERO)) {
            return false;
        }
        Long digest = MeterStream.digest(only(own, call));
        return !digest.equals(toldOwner.put(call.key(), digest));
    }

    private static CallMeters only(long own, CallMeters call) {
        SessionCounters here = call.meters().get(own);
        return call.with(here == null ? Map.of() : Map.of(own, here));
    }

    private static List<CallMeters> of(Map<Integer, List<CallMeters>> byShard, int shard) {
        return byShard.computeIfAbsent(shard, _ -> new ArrayList<>());
    }
}
