package io.warren.control.cluster;

import io.warren.control.port.CallMeters;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The owner's side of standing by: for each shard a stream of numbered batches to its standby, one under way at a time.
 * What changes meanwhile is kept once for each call, and beyond a bound not at all: then the standby gets a snapshot when
 * it is ready for one. Sends nothing itself and knows no clock. For one thread.
 */
final class StandbyFeed {
    /** Entries in a batch: a message of Artery's usual frame size holds them. */
    static final int BATCH = 256;

    /** Calls of a shard that may have changed and not been sent; beyond, a snapshot is due. */
    static final int MOST_WAITING = 4_096;

    static final long PATIENCE = Duration.ofMillis(500).toNanos();

    /** A batch and the node it is for. */
    record Outgoing(String node, StandbyBatch batch) {}

    private static final class Stream {
        private final String standby;
        private final long epoch;
        /** The latest of each call that changed: its entry, or empty when it is gone. */
        private final Map<SessionKey, Optional<ForwardingEntry>> waiting = new LinkedHashMap<>();

        private final MeterStream meters = new MeterStream();
        private @Nullable Queue<ForwardingEntry> snapshot;
        private boolean snapshotDue = true;
        private boolean underWay;
        private long sentAt;
        private long number;

        Stream(String standby, long epoch) {
            this.standby = standby;
            this.epoch = epoch;
        }

        void beginAgain() {
            snapshotDue = true;
            snapshot = null;
            waiting.clear();
            meters.beginAgain();
        }
    }

    private final String self;
    private final IntFunction<Collection<ForwardingEntry>> installed;
    private final Map<Integer, Stream> streams = new TreeMap<>();

    /** @param installed the entries of a shard that are installed here now */
    StandbyFeed(String self, IntFunction<Collection<ForwardingEntry>> installed) {
        this.self = self;
        this.installed = installed;
    }

    /**
     * We own the shard, and this node is its standby: from now on, or still.
     *
     * @return whether it is so from now on
     */
    boolean follow(int shard, long epoch, String standby) {
        Stream stream = streams.get(shard);
        boolean isNew = stream == null || stream.epoch != epoch || !stream.standby.equals(standby);
        if (isNew) {
            streams.put(shard, new Stream(standby, epoch));
        }
        return isNew;
    }

    /** We do not own the shard, or nobody stands by. */
    void cease(int shard) {
        streams.remove(shard);
    }

    void installed(ForwardingEntry entry) {
        changed(entry.key(), Optional.of(entry));
    }

    void removed(SessionKey key) {
        changed(key, Optional.empty());
    }

    /** Changes were lost: all standbys need a snapshot. */
    void changesLost() {
        streams.values().forEach(Stream::beginAgain);
    }

    private void changed(SessionKey key, Optional<ForwardingEntry> entry) {
        Stream stream = streams.get(Placement.shardOf(key.tunnelId()));
        if (stream == null || stream.snapshotDue) {
            return;
        }
        stream.waiting.put(key, entry);
        if (entry.isEmpty()) {
            stream.meters.removed(key);
        }
        if (stream.waiting.size() > MOST_WAITING) {
            stream.beginAgain();
        }
    }

    void answered(StandbyAnswer answer) {
        Stream stream = streams.get(answer.shard());
        if (stream == null || stream.epoch != answer.epoch() || !stream.standby.equals(answer.from())) {
            return;
        }
        if (MeterStream.isOne(answer.number())) {
            stream.meters.answered(answer.number(), answer.again());
            return;
        }
        if (answer.number() != stream.number) {
            return;
        }
        stream.underWay = false;
        if (answer.again()) {
            stream.beginAgain();
        }
    }

    /** What is to be sent now; {@code now} is monotonic nanoseconds. */
    List<Outgoing> due(long now) {
        List<Outgoing> due = new ArrayList<>();
        streams.forEach((shard, stream) -> {
            if (stream.underWay && now - stream.sentAt > PATIENCE) {
                stream.underWay = false;
                stream.beginAgain();
            }
            StandbyBatch batch = stream.underWay ? null : next(shard, stream);
            if (batch != null) {
                stream.underWay = true;
                stream.sentAt = now;
                due.add(new Outgoing(stream.standby, batch));
            }
        });
        return due;
    }

    /** Whether the shard has a standby that may be told of meters now: entries go first. */
    boolean takesMeters(int shard, long now) {
        Stream stream = streams.get(shard);
        return stream != null && !stream.snapshotDue && stream.snapshot == null && stream.meters.isReady(now);
    }

    /** What the standby does not know of these calls' meters, to be sent now; all are of one shard. */
    List<Outgoing> meters(int shard, List<CallMeters> calls, long now) {
        Stream stream = streams.get(shard);
        return stream == null
                ? List.of()
                : stream.meters.news(calls).stream()
                        .map(MeterCodec::encode)
                        .map(octets -> new Outgoing(
                                stream.standby,
                                StandbyBatch.of(self, shard, stream.epoch, stream.meters.number(now), octets)))
                        .toList();
    }

    /** Whether {@link #due} may have something to send, now or later. */
    boolean hasWork() {
        return streams.values().stream()
                .anyMatch(stream ->
                        stream.snapshotDue || stream.underWay || stream.snapshot != null || !stream.waiting.isEmpty());
    }

    private @Nullable StandbyBatch next(int shard, Stream stream) {
        boolean begins = stream.snapshotDue;
        if (begins) {
            stream.snapshotDue = false;
            stream.waiting.clear();
            stream.snapshot = new ArrayDeque<>(installed.apply(shard));
        }
        Queue<ForwardingEntry> snapshot = stream.snapshot;
        List<ForwardingEntry> entries = new ArrayList<>();
        List<SessionKey> gone = new ArrayList<>();
        boolean ends = false;
        if (snapshot != null) {
            for (ForwardingEntry entry = snapshot.poll(); entry != null; entry = snapshot.poll()) {
                entries.add(entry);
                if (entries.size() == BATCH) {
                    break;
                }
            }
            ends = snapshot.isEmpty();
            stream.snapshot = ends ? null : snapshot;
        } else {
            takeWaiting(stream, entries, gone);
            if (entries.isEmpty() && gone.isEmpty()) {
                return null;
            }
        }
        return new StandbyBatch(self, shard, stream.epoch, ++stream.number, begins, ends, entries, gone);
    }

    private static void takeWaiting(Stream stream, List<ForwardingEntry> entries, List<SessionKey> gone) {
        Iterator<Map.Entry<SessionKey, Optional<ForwardingEntry>>> changes =
                stream.waiting.entrySet().iterator();
        while (changes.hasNext() && entries.size() + gone.size() < BATCH) {
            Map.Entry<SessionKey, Optional<ForwardingEntry>> change = changes.next();
            change.getValue().ifPresentOrElse(entries::add, () -> gone.add(change.getKey()));
            changes.remove();
        }
    }
}
