package io.warren.journal;

import java.time.Instant;

/**
 * An event of the past.
 *
 * @param writtenAt when it was put into the journal
 * @param event a {@code TunnelEvent} or {@code SessionEvent}
 */
public record RecordedEvent(long sequenceNumber, Instant writtenAt, Record event) {
    /** In words, see {@link EventText}. */
    public String text() {
        return EventText.describe(event);
    }
}
