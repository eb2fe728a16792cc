package io.warren.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A growing big-endian buffer with back-patching of lengths. */
public final class WireWriter {
    private byte[] buffer;
    private int position;

    public WireWriter() {
        this(128);
    }

    public WireWriter(int capacity) {
        buffer = new byte[capacity];
    }

    public int position() {
        return position;
    }

    public WireWriter u8(int value) {
        ensure(1);
        buffer[position++] = (byte) value;
        return this;
    }

    public WireWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public WireWriter u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    public WireWriter u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    public WireWriter bytes(byte[] octets) {
        ensure(octets.length);
        System.arraycopy(octets, 0, buffer, position, octets.length);
        position += octets.length;
        return this;
    }

    public WireWriter bytes(Bytes octets) {
        return bytes(octets.octets);
    }

    public WireWriter text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Overwrites the two bytes at {@code at}, which must have been written already. */
    public void patchU16(int at, int value) {
        Objects.checkFromIndexSize(at, 2, position);
        buffer[at] = (byte) (value >>> 8);
        buffer[at + 1] = (byte) value;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, position);
    }

    public Bytes toBytes() {
        return Bytes.wrap(toByteArray());
    }

    private void ensure(int count) {
        if (buffer.length - position < count) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, position + count));
        }
    }
}
