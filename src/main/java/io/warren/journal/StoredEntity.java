package io.warren.journal;

import io.warren.control.tunnel.TunnelEvent;
import io.warren.control.tunnel.TunnelSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that the journal knows of one tunnel or call. */
public final class StoredEntity {
    private final String persistenceId;
    private final @Nullable StoredSnapshot snapshot;
    private final List<StoredEvent> rows;
    private final long highestSequenceNumber;

    StoredEntity(
            String persistenceId,
            @Nullable StoredSnapshot snapshot,
            List<StoredEvent> rows,
            long highestSequenceNumber) {
        this.persistenceId = persistenceId;
        this.snapshot = snapshot;
        this.rows = rows;
        this.highestSequenceNumber = highestSequenceNumber;
    }

    /** {@code tunnel|<id>} or {@code session|<tunnel>-<session>}. */
    public String persistenceId() {
        return persistenceId;
    }

    /** The number of the last event that was ever written, also when that is deleted by now. */
    public long highestSequenceNumber() {
        return highestSequenceNumber;
    }

    /** The events that rebuild the state: those of the snapshot, if there is one, then all later ones. */
    public List<Record> events() {
        List<TunnelEvent> before =
                snapshot != null && snapshot.snapshot() instanceof TunnelSnapshot tunnel ? tunnel.events() : List.of();
        List<Record> events = new ArrayList<>(before.size() + rows.size());
        for (TunnelEvent event : before) {
            events.add((Record) event);
        }
        for (StoredEvent row : rows) {
            events.add(row.event());
        }
        return events;
    }

    @Nullable
    StoredSnapshot snapshot() {
        return snapshot;
    }

    /** The rows after the snapshot. */
    List<StoredEvent> rows() {
        return rows;
    }
}
