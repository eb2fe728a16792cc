package io.warren.journal;

/**
 * A row of the journal.
 *
 * @param ordering its place among all rows; for an event that is only in the log, its place there
 * @param writtenAt milliseconds since 1970
 * @param writer which incarnation of the entity wrote it
 */
record StoredEvent(
        long sequenceNumber, long ordering, long writtenAt, String writer, String adapterManifest, Record event) {}
