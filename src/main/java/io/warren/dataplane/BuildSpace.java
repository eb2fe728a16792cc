package io.warren.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Room for packets that are built here and must stay until they are sent: given out in order, taken back at once. */
final class BuildSpace {
    private static final int ALIGNMENT = 8;

    private final MemorySegment memory;
    private long used;

    BuildSpace(int octets) {
        memory = Arena.ofAuto().allocate(octets, 64);
    }

    MemorySegment memory() {
        return memory;
    }

    boolean hasRoom(int length) {
        return used + Encapsulate.HEADROOM + length + ALIGNMENT <= memory.byteSize();
    }

    /** Where a packet of that length may be built, with {@link Encapsulate#HEADROOM} before it. */
    long take(int length) {
        long at = used + Encapsulate.HEADROOM;
        used = at + length + ALIGNMENT - 1 & -ALIGNMENT;
        return at;
    }

    void clear() {
        used = 0;
    }
}
