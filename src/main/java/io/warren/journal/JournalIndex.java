package io.warren.journal;

import akka.actor.setup.Setup;
import akka.persistence.AtomicWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is in the journal, in memory: the highest sequence number of every entity, and until they are asked for once,
 * the events and snapshots that {@link BulkReader} read. It saves two or three SELECTs for each entity that starts.
 *
 * <p>True only for a node that owns its journal alone. Given to the actor system as a {@link Setup}, where {@link
 * PrefetchingJournalDao} finds it; without one, or before it is complete, everything is asked of the database. When it
 * is in doubt (a write is under way or has failed) it says nothing. Safe for use by many threads.
 */
public final class JournalIndex extends Setup {
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean complete;

    /**
     * What is known of one entity.
     *
     * @param highest the highest sequence number that is known
     * @param certain whether there is none above it
     * @param rows all events after {@code rowsAfter}, or null when they are to be read from the database
     * @param snapshot the latest one when it is at hand
     * @param noSnapshot whether there is none at all
     */
    private record Entry(
            long highest,
            boolean certain,
            long rowsAfter,
            @Nullable List<StoredEvent> rows,
            @Nullable StoredSnapshot snapshot,
            boolean noSnapshot) {
        static final Entry UNKNOWN = new Entry(0, false, 0, null, null, false);
        static final Entry NEW = new Entry(0, true, 0, null, null, true);

        Entry uncertain() {
            return new Entry(highest, false, 0, null, snapshot, noSnapshot);
        }

        /** A number below the highest is no news of what is above, nor is any number of an entity that was not known. */
        Entry written(long number) {
            boolean known = highest > 0 || noSnapshot;
            return known && number > highest ? new Entry(number, true, 0, null, snapshot, noSnapshot) : uncertain();
        }

        Entry withoutRows() {
            return new Entry(highest, certain, 0, null, snapshot, noSnapshot);
        }

        Entry withoutSnapshot() {
            return new Entry(highest, certain, rowsAfter, rows, null, noSnapshot);
        }
    }

    /** What the journal says of whether there is a snapshot. */
    sealed interface SnapshotAnswer {
        record Found(StoredSnapshot snapshot) implements SnapshotAnswer {}

        record None() implements SnapshotAnswer {}

        record AskDatabase() implements SnapshotAnswer {}
    }

    /** How many entities are in the index. */
    public int size() {
        return entries.size();
    }

    /** Whether something was written under this persistence id that has not become history yet. */
    public boolean contains(String persistenceId) {
        return entries.containsKey(persistenceId);
    }

    /** Forgets the events that nobody asked for: to be called when all entities of the start are awake. */
    public void releasePrefetched() {
        entries.replaceAll((id, entry) -> entry.withoutRows().withoutSnapshot());
    }

    /** Takes over what was read, unless the entity was written to meanwhile. */
    void offer(StoredEntity entity) {
        StoredSnapshot snapshot = entity.snapshot();
        entries.putIfAbsent(
                entity.persistenceId(),
                new Entry(
                        entity.highestSequenceNumber(),
                        true,
                        snapshot == null ? 0 : snapshot.sequenceNumber(),
                        entity.rows(),
                        snapshot,
                        snapshot == null));
    }

    /** From now on, an entity that is not here does not exist. */
    void complete() {
        complete = true;
    }

    /** Empty when the database must be asked. */
    OptionalLong highestSequenceNumber(String persistenceId) {
        Entry entry = entry(persistenceId);
        return entry.certain() ? OptionalLong.of(entry.highest()) : OptionalLong.empty();
    }

    /** Whether all these follow what is there, as far as is known for sure. */
    boolean expects(List<AtomicWrite> writes) {
        for (AtomicWrite write : writes) {
            Entry entry = entry(write.persistenceId());
            if (!entry.certain() || write.lowestSequenceNr() <= entry.highest()) {
                return false;
            }
        }
        return true;
    }

    /** The events from and to these numbers (both included), handed out once; null when the database must be asked. */
    @Nullable
    List<StoredEvent> takeRows(String persistenceId, long from, long to) {
        Entry entry = entry(persistenceId);
        if (entry.certain() && entry.highest() == 0) {
            return List.of();
        }
        List<StoredEvent> rows = entry.rows();
        if (rows == null || from <= entry.rowsAfter()) {
            return null;
        }
        entries.computeIfPresent(persistenceId, (id, now) -> now.withoutRows());
        List<StoredEvent> taken = new ArrayList<>(rows.size());
        for (StoredEvent row : rows) {
            if (row.sequenceNumber() >= from && row.sequenceNumber() <= to) {
                taken.add(row);
            }
        }
        return taken;
    }

    SnapshotAnswer takeSnapshot(String persistenceId) {
        Entry entry = entry(persistenceId);
        StoredSnapshot snapshot = entry.snapshot();
        if (snapshot != null) {
            entries.computeIfPresent(persistenceId, (id, now) -> now.withoutSnapshot());
            return new SnapshotAnswer.Found(snapshot);
        }
        return entry.noSnapshot() ? new SnapshotAnswer.None() : new SnapshotAnswer.AskDatabase();
    }

    /** A write has begun or has failed: only the database knows. */
    void uncertain(String persistenceId) {
        entries.compute(persistenceId, (id, now) -> (now == null ? absent() : now).uncertain());
    }

    /** A write is done. */
    void written(String persistenceId, long sequenceNumber) {
        entries.compute(persistenceId, (id, now) -> (now == null ? absent() : now).written(sequenceNumber));
    }

    /** Events are about to be deleted; the highest sequence number stays. */
    void deleting(String persistenceId) {
        entries.compute(persistenceId, (id, now) -> {
            if (now != null) {
                return now.withoutRows();
            }
            return complete ? null : Entry.UNKNOWN;
        });
    }

    /** The snapshots are about to change. */
    void snapshotsChanging(String persistenceId) {
        entries.compute(persistenceId, (id, now) -> {
            Entry entry = now == null ? absent() : now;
            return new Entry(entry.highest(), entry.certain(), entry.rowsAfter(), entry.rows(), null, false);
        });
    }

    /** All rows up to this one have left the journal, and the snapshots with them. */
    void forget(String persistenceId, long sequenceNumber) {
        entries.computeIfPresent(
                persistenceId,
                (id, now) -> now.certain() && now.highest() == sequenceNumber
                        ? null
                        : now.withoutRows().withoutSnapshot());
    }

    private Entry entry(String persistenceId) {
        if (!complete) {
            return Entry.UNKNOWN;
        }
        return entries.getOrDefault(persistenceId, Entry.NEW);
    }

    /** What is known of an entity that is not here. */
    private Entry absent() {
        return complete ? Entry.NEW : Entry.UNKNOWN;
    }
}
