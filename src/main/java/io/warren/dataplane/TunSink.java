package io.warren.dataplane;

import io.warren.sys.IoVectors;
import io.warren.sys.TunQueue;
import io.warren.sys.TunWriter;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Gives packets to the kernel through the TUN device, as few and as large as can be. */
final class TunSink implements IpSink {
    private final TunWriter writer;
    private final Drops drops;
    private final Coalescing coalescing;

    TunSink(TunQueue queue, boolean tcp, boolean udp, int batch, Drops drops) {
        this.writer = queue.writer(batch);
        this.drops = drops;
        this.coalescing = new Coalescing(this::write, tcp, udp, batch);
    }

    @Override
    public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
        return coalescing.take(memory, at, length, session);
    }

    @Override
    public void flush() {
        coalescing.flush();
        writer.flush(this::refused);
    }

    private int write(IoVectors vectors, int from, int count) {
        // The first piece is the header.
        writer.write(vectors, from, count, count - 1, this::refused);
        return 0;
    }

    private void refused(int packets, int errno) {
        for (int packet = 0; packet < packets; packet++) {
            if (drops.countIsDue(DropReason.TUN_REFUSED)) {
                drops.log(DropReason.TUN_REFUSED, UdpSocket.describe(errno));
            }
        }
    }
}
