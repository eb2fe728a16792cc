package io.warren.dataplane;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Takes the subscribers' IP packets. Belongs to one thread. */
interface IpSink {
    /**
     * Takes the sound IP packet at {@code at}, which stays there until {@link #flush}; its octets may be changed.
     *
     * @param session key of the call, see {@link ForwardingTable}: packets of different calls are never made one
     * @return null, or why it was not taken
     */
    @Nullable
    DropReason take(MemorySegment memory, long at, int length, int session);

    /** Ends a batch: what was held back leaves now. */
    void flush();

    /** Forgets what was held back, whatever became of it: for after a failure. */
    void discard();
}
