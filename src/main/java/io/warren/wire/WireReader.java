package io.warren.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A big-endian window over a run of bytes. Every bounds check of every decoder is made here. */
public final class WireReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    private WireReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    public static WireReader of(byte[] bytes) {
        return new WireReader(bytes, 0, bytes.length);
    }

    public static WireReader of(Bytes bytes) {
        return of(bytes.octets);
    }

    /** A window of {@code length} bytes from {@code offset}; the caller vouches that it lies inside. */
    public static WireReader of(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return new WireReader(bytes, offset, offset + length);
    }

    public int remaining() {
        return end - position;
    }

    public boolean isEmpty() {
        return position == end;
    }

    /** Index of the next byte in the underlying array. */
    public int position() {
        return position;
    }

    public int u8() throws WireException {
        require(1);
        return bytes[position++] & 0xff;
    }

    public int u16() throws WireException {
        int value = peekU16();
        position += 2;
        return value;
    }

    public long u32() throws WireException {
        return ((long) u16() << 16) | u16();
    }

    /** All 64 bits, to be read as unsigned. */
    public long u64() throws WireException {
        return (u32() << 32) | u32();
    }

    /** The next byte without consuming it. */
    public int peekU8() throws WireException {
        require(1);
        return bytes[position] & 0xff;
    }

    /** The next two bytes without consuming them. */
    public int peekU16() throws WireException {
        require(2);
        return ((bytes[position] & 0xff) << 8) | (bytes[position + 1] & 0xff);
    }

    public byte[] bytes(int count) throws WireException {
        require(count);
        byte[] copy = new byte[count];
        System.arraycopy(bytes, position, copy, 0, count);
        position += count;
        return copy;
    }

    public Bytes take(int count) throws WireException {
        return Bytes.wrap(bytes(count));
    }

    public Bytes rest() throws WireException {
        byte[] copy = Arrays.copyOfRange(bytes, position, end);
        position = end;
        return Bytes.wrap(copy);
    }

    /** The rest as UTF-8 text; malformed sequences become U+FFFD. */
    public String text() throws WireException {
        String text = new String(bytes, position, remaining(), StandardCharsets.UTF_8);
        position = end;
        return text;
    }

    /** A reader of the next {@code count} bytes, which this one skips. */
    public WireReader slice(int count) throws WireException {
        require(count);
        WireReader window = new WireReader(bytes, position, position + count);
        position += count;
        return window;
    }

    public void skip(int count) throws WireException {
        require(count);
        position += count;
    }

    public WireException error(String reason) {
        return new WireException(reason, position);
    }

    private void require(int count) throws WireException {
        if (count < 0 || count > end - position) {
            throw new WireException("needs " + count + " bytes, has " + (end - position), position);
        }
    }
}
