package io.warren.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Many gathering writes with one system call, by io_uring(7). It pays less by the system calls that it saves than by
 * what happens at the end of each: a reader who was woken by the first packet does not push us off the processor before
 * the last. Writes are carried out in the order in which they were added. Belongs to one thread.
 */
final class WriteRing implements AutoCloseable {
    // struct io_uring_params: features 20, sq_off 40 (head, tail, ring_mask, ring_entries, flags, dropped, array),
    // cq_off 80 (head, tail, ring_mask, ring_entries, overflow, cqes), 120 octets
    private static final int PARAMS_SIZE = 120;
    private static final int SQ_OFFSETS = 40;
    private static final int CQ_OFFSETS = 80;

    // struct io_uring_sqe: opcode 0, fd 4, off 8, addr 16, len 24, user_data 32; struct io_uring_cqe: user_data 0, res
    // 8
    private static final int SQE_SIZE = 64;
    private static final int CQE_SIZE = 16;

    private static final VarHandle INT_VALUE = JAVA_INT.varHandle();

    private final int fd;
    private final int entries;
    private final MemorySegment ring;
    private final MemorySegment requests;
    private final long requestTail;
    private final long answerHead;
    private final long answerTail;
    private final int answerMask;
    private final long answers;
    private final int[] results;
    private int pending;
    private int tail;

    private WriteRing(int fd, int entries, MemorySegment params, MemorySegment ring, MemorySegment requests) {
        this.fd = fd;
        this.entries = entries;
        this.ring = ring;
        this.requests = requests;
        this.requestTail = params.get(JAVA_INT, SQ_OFFSETS + 4);
        this.answerHead = params.get(JAVA_INT, CQ_OFFSETS);
        this.answerTail = params.get(JAVA_INT, CQ_OFFSETS + 4);
        this.answerMask = ring.get(JAVA_INT, params.get(JAVA_INT, CQ_OFFSETS + 8));
        this.answers = params.get(JAVA_INT, CQ_OFFSETS + 20);
        this.results = new int[entries];
        this.tail = ring.get(JAVA_INT, requestTail);
        long array = params.get(JAVA_INT, SQ_OFFSETS + 24);
        for (int index = 0; index < entries; index++) {
            ring.set(JAVA_INT, array + index * 4L, index);
        }
    }

    /**
     * @param entries most writes at a time, a power of two
     * @return null when the kernel has no io_uring, or forbids it to us
     */
    static @Nullable WriteRing open(int entries) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS_SIZE, 8);
            params.set(JAVA_INT, 8, LinuxConstants.IORING_SETUP_SUBMIT_ALL);
            int fd = Libc.syscall(LinuxConstants.SYS_IO_URING_SETUP, entries, params.address(), 0, 0, 0, 0);
            if (fd < 0) {
                return null;
            }
            long forRequests = params.get(JAVA_INT, SQ_OFFSETS + 24) + entries * 4L;
            long forAnswers = params.get(JAVA_INT, CQ_OFFSETS + 20) + (long) params.get(JAVA_INT, 4) * CQE_SIZE;
            boolean single = (params.get(JAVA_INT, 20) & LinuxConstants.IORING_FEAT_SINGLE_MMAP) != 0;
            MemorySegment ring = single ? map(fd, Math.max(forRequests, forAnswers), 0) : null;
            MemorySegment requests = ring == null
                    ? null
                    : map(fd, (long) params.get(JAVA_INT, 0) * SQE_SIZE, LinuxConstants.IORING_OFF_SQES);
            if (ring == null || requests == null) {
                Libc.close(fd);
                return null;
            }
            return new WriteRing(fd, entries, params, ring, requests);
        }
    }

    @SuppressWarnings("restricted")
    private static @Nullable MemorySegment map(int fd, long size, long offset) {
        long address = Libc.mmap(
                size,
                LinuxConstants.PROT_READ_WRITE,
                LinuxConstants.MAP_SHARED | LinuxConstants.MAP_POPULATE,
                fd,
                offset);
        return address < 0 ? null : MemorySegment.ofAddress(address).reinterpret(size);
    }

    boolean isFull() {
        return pending == entries;
    }

    int pending() {
        return pending;
    }

    /** Adds a write; fields that are not set here are zero from the start, and the kernel changes none. What the vectors point to stays as it is until {@link #submit}. */
    void add(int file, long vectors, int count) {
        long request = (long) (tail & entries - 1) * SQE_SIZE;
        requests.set(JAVA_BYTE, request, (byte) LinuxConstants.IORING_OP_WRITEV);
        requests.set(JAVA_INT, request + 4, file);
        requests.set(JAVA_LONG, request + 8, -1);
        requests.set(JAVA_LONG, request + 16, vectors);
        requests.set(JAVA_INT, request + 24, count);
        requests.set(JAVA_LONG, request + 32, pending);
        tail++;
        pending++;
    }

    /** Carries out all writes; {@link #result} then tells of each until the next is added. Returns how many. */
    int submit() {
        int count = pending;
        if (count == 0) {
            return 0;
        }
        INT_VALUE.setRelease(ring, requestTail, tail);
        int left = count;
        int answered = 0;
        while (answered < count) {
            int taken = Libc.syscall(
                    LinuxConstants.SYS_IO_URING_ENTER,
                    fd,
                    left,
                    count - answered,
                    LinuxConstants.IORING_ENTER_GETEVENTS,
                    0,
                    0);
            if (taken < 0 && taken != -LinuxConstants.EINTR && taken != -LinuxConstants.EAGAIN) {
                throw new IllegalStateException("io_uring_enter: " + LinuxConstants.describe(-taken));
            }
            left -= Math.max(0, taken);
            answered += reap();
        }
        pending = 0;
        return count;
    }

    private int reap() {
        int head = ring.get(JAVA_INT, answerHead);
        int end = (int) INT_VALUE.getAcquire(ring, answerTail);
        int count = end - head;
        for (; head != end; head++) {
            long answer = answers + (long) (head & answerMask) * CQE_SIZE;
            results[(int) ring.get(JAVA_LONG, answer)] = ring.get(JAVA_INT, answer + 8);
        }
        INT_VALUE.setRelease(ring, answerHead, head);
        return count;
    }

    /** Octets written by the write that was added as number {@code index}, or the negated errno. */
    int result(int index) {
        return results[index];
    }

    @Override
    public void close() {
        Libc.munmap(requests.address(), requests.byteSize());
        Libc.munmap(ring.address(), ring.byteSize());
        Libc.close(fd);
    }
}
