package io.warren.dataplane;

import io.warren.sys.IoVectors;
import io.warren.sys.TunDevice;
import io.warren.sys.TunQueue;
import io.warren.sys.TunWriter;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Gives packets to the kernel through the TUN device, as few and as large as can be. */
final class TunSink implements IpSink {
    private final TunWriter writer;
    private final TunWriter.Refused refused = this::refused;
    private final ForwardingTable table;
    private final Drops drops;
    private final Coalescing coalescing;
    private final boolean headers;

    /**
     * A sink for one thread.
     *
     * @param queue of which of the device's queues: there may be fewer, then several threads write to one
     * @param batch packets of one system call
     */
    static TunSink of(TunDevice device, int queue, int batch, ForwardingTable table, Drops drops) {
        TunQueue into = device.queues().get(queue % device.queues().size());
        return new TunSink(into, device.tcpOffload(), device.udpOffload(), batch, table, drops);
    }

    private TunSink(TunQueue queue, boolean tcp, boolean udp, int batch, ForwardingTable table, Drops drops) {
        this.writer = queue.writer(batch);
        this.headers = queue.headers();
        this.table = table;
        this.drops = drops;
        this.coalescing = new Coalescing(this::write, tcp, udp, batch);
    }

    @Override
    public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
        if (coalescing.isFull()) {
            // What it has written waits in the writer and is still in use.
            flush();
        }
        return coalescing.take(memory, at, length, session);
    }

    @Override
    public void flush() {
        coalescing.flush();
        writer.flush(refused);
    }

    @Override
    public void discard() {
        coalescing.discard();
        writer.discard();
    }

    /** The first piece is the virtio header, then there is one piece for each packet. */
    private void write(IoVectors vectors, int from, int count, int session) {
        int packets = count - 1;
        long token = (long) session << 32 | packets;
        if (headers) {
            writer.write(vectors, from, count, token, refused);
        } else {
            writer.write(vectors, from + 1, packets, token, refused);
        }
    }

    private void refused(long token, int errno) {
        Slot call = table.up((int) (token >>> 32));
        for (int packet = (int) token; packet > 0; packet--) {
            if (call != null) {
                call.traffic.countDrop();
            }
            if (drops.countIsDue(DropReason.TUN_REFUSED)) {
                drops.log(DropReason.TUN_REFUSED, UdpSocket.describe(errno));
            }
        }
    }
}
