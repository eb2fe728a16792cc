package io.warren.dataplane;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Big-endian numbers in packet memory, at any alignment. Bounds are the segment's; callers keep to the packet's. */
final class Octets {
    private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Octets() {}

    static int u8(MemorySegment memory, long at) {
        return memory.get(JAVA_BYTE, at) & 0xff;
    }

    static int u16(MemorySegment memory, long at) {
        return memory.get(SHORT, at) & 0xffff;
    }

    static int i32(MemorySegment memory, long at) {
        return memory.get(INT, at);
    }

    static long i64(MemorySegment memory, long at) {
        return memory.get(LONG, at);
    }

    static void put8(MemorySegment memory, long at, int value) {
        memory.set(JAVA_BYTE, at, (byte) value);
    }

    static void put16(MemorySegment memory, long at, int value) {
        memory.set(SHORT, at, (short) value);
    }

    static void put32(MemorySegment memory, long at, int value) {
        memory.set(INT, at, value);
    }

    static void put64(MemorySegment memory, long at, long value) {
        memory.set(LONG, at, value);
    }

    static byte[] copy(MemorySegment memory, long at, int length) {
        byte[] octets = new byte[length];
        MemorySegment.copy(memory, JAVA_BYTE, at, octets, 0, length);
        return octets;
    }
}
