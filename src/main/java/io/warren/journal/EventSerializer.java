package io.warren.journal;

import akka.serialization.SerializerWithStringManifest;

/** {@link EventCodec} as a serializer of Akka's, bound to events and snapshots in {@code journal.conf}. */
public final class EventSerializer extends SerializerWithStringManifest {
    /** Stored with every row: never to be changed. */
    public static final int IDENTIFIER = 1701;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object event) {
        return EventCodec.name(event);
    }

    @Override
    public byte[] toBinary(Object event) {
        return EventCodec.encode(event);
    }

    @Override
    public Object fromBinary(byte[] octets, String manifest) {
        return EventCodec.decode(manifest, octets);
    }
}
