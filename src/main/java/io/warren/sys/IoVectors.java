package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A native array of {@code struct iovec}, for writes that gather one packet from several places. Whoever fills it keeps
 * the memory that the vectors point to reachable until the write is done.
 */
public final class IoVectors {
    // struct iovec: iov_base 0, iov_len 8
    private static final int VECTOR_SIZE = 16;

    private final int count;
    private final MemorySegment vectors;

    /** @param count how many vectors there are */
    public IoVectors(int count) {
        this.count = count;
        vectors = Arena.ofAuto().allocate((long) count * VECTOR_SIZE, 64);
    }

    /** Points vector {@code index} to {@code length} octets of native memory. */
    public void set(int index, MemorySegment memory, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, memory.byteSize());
        long vector = (long) Objects.checkIndex(index, count) * VECTOR_SIZE;
        vectors.set(JAVA_LONG, vector, memory.address() + offset);
        vectors.set(JAVA_LONG, vector + 8, length);
    }

    /** What vector {@code index} points to; only while that memory is known to exist. */
    @SuppressWarnings("restricted")
    public MemorySegment octets(int index) {
        long vector = (long) Objects.checkIndex(index, count) * VECTOR_SIZE;
        return MemorySegment.ofAddress(vectors.get(JAVA_LONG, vector)).reinterpret(vectors.get(JAVA_LONG, vector + 8));
    }

    /** Octets of what vector {@code index} points to. */
    public long length(int index) {
        return vectors.get(JAVA_LONG, (long) Objects.checkIndex(index, count) * VECTOR_SIZE + 8);
    }

    void copy(int index, int target) {
        MemorySegment.copy(vectors, (long) index * VECTOR_SIZE, vectors, (long) target * VECTOR_SIZE, VECTOR_SIZE);
    }

    /** Where vector {@code index} itself is. */
    long address(int index) {
        return vectors.address() + (long) Objects.checkIndex(index, count) * VECTOR_SIZE;
    }
}
