package io.warren.journal;

import io.warren.wire.Bytes;

/**
 * An event on its way into the database.
 *
 * @param number its place in the {@link WriteAheadLog}: one more than the event before it, over all restarts
 * @param writer which incarnation of the entity wrote it
 * @param writtenAt milliseconds since 1970
 * @param name what {@link EventCodec} calls it
 * @param octets as {@link EventCodec} encodes it
 */
record LoggedEvent(
        long number,
        String persistenceId,
        long sequenceNumber,
        String writer,
        long writtenAt,
        String adapterManifest,
        String name,
        Bytes octets) {}
