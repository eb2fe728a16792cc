package io.warren.dataplane;

import java.util.List;

/**
 * What one packet thread has done since its start.
 *
 * @param name of the thread
 * @param nanos since it started
 * @param busyNanos of them, not waiting for packets
 * @param packets taken in
 * @param batches in which they came
 * @param longestBatchNanos longest time from taking in a batch to having passed on its last packet
 * @param batchNanos how many batches took how long: element n counts those of 2<sup>n</sup> to 2<sup>n+1</sup>
 *     microseconds, element 0 also the shorter, the last also the longer ones
 */
public record WorkerFigures(
        String name,
        long nanos,
        long busyNanos,
        long packets,
        long batches,
        long longestBatchNanos,
        List<Long> batchNanos) {}
