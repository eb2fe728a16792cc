package io.warren.journal;

import io.warren.control.tunnel.TunnelSnapshot;
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

    /** What a tunnel's state was when its journal was last summed up; null if it never was. */
    public @Nullable TunnelSnapshot tunnelSnapshot() {
        return snapshot != null && snapshot.snapshot() instanceof TunnelSnapshot tunnel ? tunnel : null;
    }

    /** All events, or those after {@link #tunnelSnapshot}. */
    public List<Record> events() {
        return rows.stream().map(StoredEvent::event).toList();
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
