package io.warren.dataplane;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes all packets, and puts them into a list. */
record CollectingSink(List<byte[]> packets) implements IpSink {
    @Override
    public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
        packets.add(Octets.copy(memory, at, length));
        return null;
    }

    @Override
    public void flush() {}

    @Override
    public void discard() {}
}
