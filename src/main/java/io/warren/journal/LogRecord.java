package io.warren.journal;

import io.warren.wire.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The octets of a {@link LoggedEvent} in a file of the {@link WriteAheadLog}: their number and their CRC-32C (4 octets
 * each), three numbers of 8 octets, and five strings, each behind its length (4 octets). Big-endian.
 */
final class LogRecord {
    private static final int HEADER = 8;
    private static final int NUMBERS = 3 * 8;
    private static final int STRINGS = 5;

    private LogRecord() {}

    /** Appends the event, to this buffer or to a larger copy of it. */
    static ByteBuffer write(LoggedEvent event, ByteBuffer to) {
        byte[][] strings = {
            utf8(event.persistenceId()),
            utf8(event.writer()),
            utf8(event.adapterManifest()),
            utf8(event.name()),
            event.octets().toByteArray()
        };
        int length = NUMBERS;
        for (byte[] string : strings) {
            length += 4 + string.length;
        }
        ByteBuffer out = withRoom(to, HEADER + length);
        int start = out.position();
        out.putInt(length).putInt(0);
        out.putLong(event.number()).putLong(event.sequenceNumber()).putLong(event.writtenAt());
        for (byte[] string : strings) {
            out.putInt(string.length).put(string);
        }
        return out.putInt(start + 4, checksum(out.slice(start + HEADER, length)));
    }

    /** The next event; null, and nothing is taken, when there is none or only a part of one. */
    static @Nullable LoggedEvent read(ByteBuffer in) {
        int start = in.position();
        try {
            int length = in.getInt();
            int expected = in.getInt();
            if (length >= NUMBERS + 4 * STRINGS
                    && length <= in.remaining()
                    && checksum(in.slice(start + HEADER, length)) == expected) {
                return event(in);
            }
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            // A part of a record.
        }
        in.position(start);
        return null;
    }

    private static LoggedEvent event(ByteBuffer in) {
        long number = in.getLong();
        long sequenceNumber = in.getLong();
        long writtenAt = in.getLong();
        String persistenceId = text(in);
        String writer = text(in);
        String adapterManifest = text(in);
        String name = text(in);
        return new LoggedEvent(
                number, persistenceId, sequenceNumber, writer, writtenAt, adapterManifest, name, Bytes.of(octets(in)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteBuffer in) {
        return new String(octets(in), StandardCharsets.UTF_8);
    }

    private static byte[] octets(ByteBuffer in) {
        int length = in.getInt();
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }

    private static int checksum(ByteBuffer octets) {
        CRC32C checksum = new CRC32C();
        checksum.update(octets);
        return (int) checksum.getValue();
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int octets) {
        if (buffer.remaining() >= octets) {
            return buffer;
        }
        int size = Math.max(2 * buffer.capacity(), buffer.position() + octets);
        return ByteBuffer.allocate(size).put(buffer.flip());
    }
}
