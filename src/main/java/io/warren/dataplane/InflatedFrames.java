package io.warren.dataplane;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Where the frames that were decompressed lie until they have left. Belongs to one thread. */
final class InflatedFrames {
    private static final int SPACE = 1 << 18;

    private final BuildSpace space = new BuildSpace(SPACE);
    private long at;
    private int length;

    /** Whether one more may be put. */
    boolean hasRoom(int octets) {
        return space.hasRoom(octets);
    }

    void put(byte[] frame, int octets) {
        at = space.take(octets);
        length = octets;
        MemorySegment.copy(frame, 0, space.memory(), ValueLayout.JAVA_BYTE, at, octets);
    }

    MemorySegment memory() {
        return space.memory();
    }

    /** Where the last one is. */
    long at() {
        return at;
    }

    /** Its length, in octets. */
    int length() {
        return length;
    }

    /** All have left. */
    void clear() {
        space.clear();
    }
}
