package io.warren.dataplane;

import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The way down: finds the call of an IP packet, makes it fit, puts the headers before it and sends it in batches.
 * Belongs to one thread, which fills {@link #freeSlot} and calls {@link #send}.
 */
final class Downlink {
    private final ForwardingTable table;
    private final Sockets sockets;
    private final Drops drops;
    private final int gateway;
    private final @Nullable IpSink complaints;
    private final PacketBuffers batch;
    private final PacketBuffers scratch;
    private final @Nullable Slot[] calls;
    private int count;

    /**
     * @param gateway our address, as the source of ICMP messages
     * @param complaints where ICMP messages about packets that do not fit go, if anywhere
     */
    Downlink(
            ForwardingTable table,
            Sockets sockets,
            Drops drops,
            int gateway,
            @Nullable IpSink complaints,
            PacketBuffers batch) {
        this.table = table;
        this.sockets = sockets;
        this.drops = drops;
        this.gateway = gateway;
        this.complaints = complaints;
        this.batch = batch;
        this.scratch = new PacketBuffers(1, 0, Math.max(batch.capacity(), IcmpMessages.LARGEST_COMPLAINT));
        this.calls = new @Nullable Slot[batch.batchSize()];
    }

    PacketBuffers batch() {
        return batch;
    }

    /** The slot that the next packet is to be put into, after the headroom. */
    int freeSlot() {
        if (count == batch.batchSize()) {
            flush();
        }
        return count;
    }

    /** Whether another packet fits into this batch without {@link #flush}. */
    boolean hasRoom() {
        return count < batch.batchSize();
    }

    /** Takes the packet of {@code length} octets in {@link #freeSlot}; it leaves at {@link #flush} at the latest. */
    void send(int length) {
        MemorySegment memory = batch.memory();
        long at = batch.origin(count);
        int total = Ipv4Header.soundLength(memory, at, length);
        if (total < 0) {
            drops.count(DropReason.NOT_IPV4, () -> "of " + length + " octets");
            return;
        }
        Slot call = table.down(Ipv4Header.destination(memory, at));
        if (call == null) {
            dropAt(DropReason.NO_SUBSCRIBER, memory, at);
        } else if (call.socket < 0) {
            call.traffic.countDrop();
            dropAt(DropReason.NO_SOCKET, memory, at);
        } else if (total <= call.peerMru) {
            TcpMss.clamp(memory, at, total, call.largestMss);
            enqueue(call, at, total);
        } else if (Ipv4Header.dontFragment(memory, at)) {
            call.traffic.countDrop();
            complain(call, memory, at, total);
            dropAt(DropReason.TOO_BIG, memory, at);
        } else {
            sendFragments(call, memory, at, total);
        }
    }

    /** Sends what has been taken. */
    void flush() {
        int from = 0;
        while (from < count) {
            int socket = call(from).socket;
            int to = from + 1;
            while (to < count && call(to).socket == socket) {
                to++;
            }
            sendRun(sockets.get(socket), from, to);
            from = to;
        }
        count = 0;
    }

    private void sendRun(UdpSocket socket, int from, int to) {
        int next = from;
        while (next < to) {
            int sent = socket.send(batch, next, to);
            if (sent <= 0) {
                Slot call = call(next);
                call.traffic.countDrop();
                drops.count(
                        DropReason.SEND_FAILED,
                        () -> "to " + call.entry.path().remote() + ": " + UdpSocket.describe(-sent));
                next++;
                continue;
            }
            for (int slot = next; slot < next + sent; slot++) {
                Slot call = call(slot);
                call.traffic.countDown(batch.length(slot) - call.header.length());
            }
            next += sent;
        }
    }

    private Slot call(int slot) {
        Slot call = calls[slot];
        if (call == null) {
            throw new IllegalStateException("slot " + slot + " of the batch is empty");
        }
        return call;
    }

    private void enqueue(Slot call, long at, int length) {
        Encapsulate header = call.header;
        long start = header.prepend(batch.memory(), at, length, header.sequenced() ? call.traffic.takeNs() : 0);
        batch.setPacket(count, start, length + header.length());
        batch.setRemote(count, call.remoteHigh, call.remoteLow, call.remotePort);
        if (call.hasLocal()) {
            batch.setLocal(count, call.localHigh, call.localLow);
        } else {
            batch.clearLocal(count);
        }
        calls[count] = call;
        count++;
    }

    private void sendFragments(Slot call, MemorySegment memory, long at, int total) {
        int data = Ipv4Fragments.dataPerFragment(memory, at, call.peerMru);
        if (data == 0) {
            call.traffic.countDrop();
            dropAt(DropReason.TOO_BIG, memory, at);
            return;
        }
        MemorySegment.copy(memory, at, scratch.memory(), 0, total);
        int end = total - Ipv4Header.headerLength(memory, at);
        for (int skip = 0; skip < end; skip += data) {
            long to = batch.origin(freeSlot());
            enqueue(call, to, Ipv4Fragments.write(scratch.memory(), 0, total, skip, data, memory, to));
        }
    }

    private void complain(Slot call, MemorySegment memory, long at, int total) {
        if (complaints != null) {
            int length = IcmpMessages.fragmentationNeeded(
                    memory, at, total, scratch.memory(), scratch.origin(0), gateway, call.peerMru);
            if (length > 0) {
                complaints.take(scratch, scratch.origin(0), length);
            }
        }
    }

    private void dropAt(DropReason reason, MemorySegment memory, long at) {
        if (drops.countIsDue(reason)) {
            drops.log(
                    reason,
                    "from " + Ipv4Header.dotted(Ipv4Header.source(memory, at)) + " to "
                            + Ipv4Header.dotted(Ipv4Header.destination(memory, at)));
        }
    }
}
