package io.warren.radius;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Packets one behind the other (RFC 6613 §2.1): each says its length. */
final class PacketStream {
    private static final int LENGTH_KNOWN = 4;
    private static final int SHORTEST = 20;
    private static final int LONGEST = 4096;

    private final InputStream stream;

    PacketStream(InputStream stream) {
        this.stream = stream;
    }

    /**
     * The next packet; null when the stream ends behind the last.
     *
     * @throws ProtocolException when no packet has the length that it states: nobody knows where the next begins
     * @throws EOFException when the stream ends within a packet
     */
    byte @Nullable [] next() throws IOException {
        byte[] head = stream.readNBytes(LENGTH_KNOWN);
        if (head.length == 0) {
            return null;
        }
        if (head.length < LENGTH_KNOWN) {
            throw new EOFException("the connection ended within a packet");
        }
        int length = (head[2] & 0xff) << 8 | (head[3] & 0xff);
        if (length < SHORTEST || length > LONGEST) {
            throw new ProtocolException("a packet states a length of " + length + " octets");
        }
        byte[] packet = Arrays.copyOf(head, length);
        if (stream.readNBytes(packet, LENGTH_KNOWN, length - LENGTH_KNOWN) < length - LENGTH_KNOWN) {
            throw new EOFException("the connection ended within a packet");
        }
        return packet;
    }
}
