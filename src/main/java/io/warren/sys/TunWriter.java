package io.warren.sys;

import org.jspecify.annotations.Nullable;

/**
 * Writes packets to a {@link TunQueue} in batches, with one system call for a batch where the kernel has io_uring, else
 * one for each. Belongs to one thread.
 */
public final class TunWriter {
    /** What is told of a packet that the kernel did not take. */
    @FunctionalInterface
    public interface Refused {
        /**
         * @param token as given to {@link TunWriter#write}
         * @param errno why, see {@link UdpSocket#describe}
         */
        void refused(long token, int errno);
    }

    private final TunQueue queue;
    private final long[] tokens;
    private @Nullable WriteRing ring;

    TunWriter(TunQueue queue, int batch) {
        this.queue = queue;
        this.tokens = new long[batch];
        this.ring = open(batch);
    }

    /**
     * Writes one packet made of pieces; they stay as they are until {@link #flush}.
     *
     * @param token for {@code refused}, which may be told now or at a later call
     */
    public void write(IoVectors vectors, int from, int count, long token, Refused refused) {
        if (ring == null) {
            int result = Libc.writev(queue.descriptor(), vectors.address(from), count);
            if (result < 0) {
                refused.refused(token, -result);
            }
            return;
        }
        if (ring.isFull()) {
            flush(refused);
        }
        tokens[ring.pending()] = token;
        ring.add(queue.descriptor(), vectors.address(from), count);
    }

    /** Afterwards all packets are written. */
    public void flush(Refused refused) {
        if (ring == null) {
            return;
        }
        int count = ring.submit();
        for (int index = 0; index < count; index++) {
            if (ring.result(index) < 0) {
                refused.refused(tokens[index], -ring.result(index));
            }
        }
    }

    /** Forgets what was not written, also when {@link #flush} has failed and nobody knows what was. */
    public void discard() {
        if (ring != null && ring.pending() > 0) {
            ring.close();
            ring = open(tokens.length);
        }
    }

    private static @Nullable WriteRing open(int batch) {
        return KernelRelease.CURRENT.atLeast(6, 4) ? WriteRing.open(Integer.highestOneBit(batch)) : null;
    }

    /** When nobody writes any more. */
    void close() {
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }
}
