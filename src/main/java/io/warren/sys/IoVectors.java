package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** An array of {@code struct iovec}: pieces of memory that leave together, uncopied. Belongs to one thread. */
public final class IoVectors {
    // struct iovec: iov_base 0, iov_len 8
    private static final int SIZE = 16;

    private final MemorySegment vectors;

    public IoVectors(int count) {
        vectors = Arena.ofAuto().allocate((long) count * SIZE, 64);
    }

    /** Says where the piece {@code index} is. The memory must live as long as this does, or until it is set anew. */
    public void set(int index, MemorySegment memory, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        long at = (long) index * SIZE;
        vectors.set(JAVA_LONG, at, memory.address() + offset);
        vectors.set(JAVA_LONG, at + 8, length);
    }

    /** Octets of the piece {@code index}. */
    public long length(int index) {
        return vectors.get(JAVA_LONG, (long) index * SIZE + 8);
    }

    void copy(int index, int target) {
        MemorySegment.copy(vectors, (long) index * SIZE, vectors, (long) target * SIZE, SIZE);
    }

    long address(int index) {
        Objects.checkIndex((long) index * SIZE, vectors.byteSize());
        return vectors.address() + (long) index * SIZE;
    }
}
