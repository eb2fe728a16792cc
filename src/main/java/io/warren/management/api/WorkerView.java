package io.warren.management.api;

import java.util.List;

/**
 * A packet thread since its start. A batch is what it takes in at once; its time ends when all of it is passed on.
 *
 * @param busyShare 0 to 1: of the time, that which it did not wait for packets
 * @param batchMicrosP50, batchMicrosP99 half, and 99 of 100 batches, took at most so long, to a factor of two
 * @param batchMicrosMax the longest
 * @param batchesByMicros element n: how many took 2<sup>n</sup> to 2<sup>n+1</sup> µs, the first also the shorter, the
 *     last also the longer ones
 */
public record WorkerView(
        String name,
        double seconds,
        double busySeconds,
        double busyShare,
        long packets,
        long batches,
        long batchMicrosP50,
        long batchMicrosP99,
        long batchMicrosMax,
        List<Long> batchesByMicros) {
    public WorkerView {
        batchesByMicros = List.copyOf(batchesByMicros);
    }
}
