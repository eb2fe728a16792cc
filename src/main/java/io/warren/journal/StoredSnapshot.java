package io.warren.journal;

/**
 * The latest snapshot of an entity.
 *
 * @param sequenceNumber of the last event in it
 * @param writtenAt milliseconds since 1970
 */
record StoredSnapshot(long sequenceNumber, long writtenAt, Record snapshot) {}
