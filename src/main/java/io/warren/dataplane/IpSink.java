package io.warren.dataplane;

import io.warren.sys.PacketBuffers;
import org.jspecify.annotations.Nullable;

/** Takes the subscribers' IP packets. Belongs to one thread. */
interface IpSink {
    /**
     * Takes the sound IPv4 packet at {@code at} of the batch's memory; it is gone from there afterwards.
     *
     * @return null, or why it was not taken
     */
    @Nullable
    DropReason take(PacketBuffers batch, long at, int length);

    /** Ends a batch: what was held back leaves now. */
    void flush();
}
