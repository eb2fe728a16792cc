package io.warren.dataplane;

import io.warren.sys.CurrentThread;
import io.warren.sys.TunQueue;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** Reads what the network sends to subscribers and gives it to the {@link Downlink} in batches. One thread. */
final class TunReader {
    private static final int WAIT_MILLIS = 100;
    private static final int LARGEST_PACKET = 65_535;
    private static final int ALIGNMENT = 64;

    /** Room for a batch of small packets, or a few large ones. */
    private static final int SPACE = 1 << 19;

    private final TunQueue queue;
    private final Downlink downlink;
    private final Drops drops;
    private final WorkMeter meter;
    private final Gathering gathering = new Gathering();
    private final int batchSize;
    private final int largestRead;
    private final MemorySegment memory = Arena.ofAuto().allocate(SPACE, ALIGNMENT);

    TunReader(TunQueue queue, Downlink downlink, Drops drops, WorkMeter meter, int batchSize) {
        this.queue = queue;
        this.downlink = downlink;
        this.drops = drops;
        this.meter = meter;
        this.batchSize = batchSize;
        this.largestRead = LARGEST_PACKET + (queue.headers() ? VirtioHeader.LENGTH : 0);
    }

    /** Reads and sends while {@code wanted}; it is asked at least ten times a second. */
    void run(BooleanSupplier wanted) throws IOException {
        CurrentThread.prefer();
        while (wanted.getAsBoolean()) {
            long from = System.nanoTime();
            int packets = readBatch(from);
            if (packets == 0) {
                queue.awaitReadable(WAIT_MILLIS);
            } else {
                long done = System.nanoTime();
                meter.worked(from, done, packets);
                if (packets < batchSize) {
                    Gathering.pause(gathering.after(packets, done));
                }
            }
        }
    }

    /** Until nothing is left to read or the batch is full; returns how many packets there were, at least one if any. */
    private int readBatch(long now) throws IOException {
        try {
            int packets = sendBatch(now);
            downlink.flush();
            return packets;
        } catch (RuntimeException e) {
            drops.countFault(e);
            downlink.discard();
            return 1;
        }
    }

    private int sendBatch(long now) throws IOException {
        int packets = 0;
        long place = 0;
        while (packets < batchSize && place + Encapsulate.HEADROOM + largestRead <= SPACE) {
            // The header lies where the L2TP header will be.
            long packet = place + Encapsulate.HEADROOM;
            long at = queue.headers() ? packet - VirtioHeader.LENGTH : packet;
            int length = queue.read(memory, at, largestRead);
            if (length == 0) {
                break;
            }
            packets += take(at, length, now);
            place = packet + length + ALIGNMENT - 1 & -ALIGNMENT;
        }
        return packets;
    }

    private int take(long at, int length, long now) {
        if (queue.headers()) {
            return downlink.sendOffloaded(memory, at, length, now);
        }
        downlink.send(memory, at, length, now);
        return 1;
    }
}
