package io.warren.dataplane;

import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.PeerPath;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/**
 * The way up, from one UDP socket: data of a known call goes to the network in the same loop that received it;
 * control packets and other PPP frames are punted. Belongs to one thread.
 */
final class Uplink {
    private final UdpSocket socket;
    private final ForwardingTable table;
    private final IpSink network;
    private final PuntQueues punts;
    private final Drops drops;
    private final PacketListener listener;
    private final PacketBuffers batch;
    private final PeerPaths paths;
    private final WorkMeter meter;
    private final Decapsulate header = new Decapsulate();
    private boolean punted;

    Uplink(
            UdpSocket socket,
            ForwardingTable table,
            IpSink network,
            PuntQueues punts,
            Drops drops,
            PacketListener listener,
            PacketBuffers batch,
            WorkMeter meter) {
        this.socket = socket;
        this.table = table;
        this.network = network;
        this.punts = punts;
        this.drops = drops;
        this.listener = listener;
        this.batch = batch;
        this.meter = meter;
        this.paths = new PeerPaths(socket);
    }

    /** Receives and forwards while {@code wanted}; it is asked at least ten times a second. */
    void run(BooleanSupplier wanted) throws IOException {
        while (wanted.getAsBoolean()) {
            int count = socket.receive(batch);
            if (count > 0) {
                long now = System.nanoTime();
                int packets = handle(count, now);
                meter.worked(now, System.nanoTime(), packets);
            }
        }
    }

    /** Handles what is in slots 0 to {@code count - 1} and returns how many packets that were. */
    int handle(int count, long now) {
        int packets = 0;
        for (int slot = 0; slot < count; slot++) {
            packets += handleSlot(slot, now);
        }
        network.flush();
        if (punted) {
            punted = false;
            punts.wake();
        }
        return packets;
    }

    /** One datagram, or several that arrived as one. */
    private int handleSlot(int slot, long now) {
        if (batch.truncated(slot)) {
            drop(DropReason.TRUNCATED, slot);
            return 1;
        }
        long at = batch.origin(slot);
        long end = at + batch.length(slot);
        int segment = batch.segmentSize(slot);
        if (segment <= 0) {
            handlePacket(slot, at, (int) (end - at), now);
            return 1;
        }
        int packets = 0;
        for (; at < end; at += segment) {
            handlePacket(slot, at, (int) Math.min(segment, end - at), now);
            packets++;
        }
        return packets;
    }

    private void handlePacket(int slot, long at, int length, long now) {
        MemorySegment memory = batch.memory();
        switch (header.read(memory, at, length)) {
            case DATA -> data(memory, slot, at, length, now);
            case CONTROL, CONTROL_V3 -> puntControl(memory, slot, at, length);
            case BAD -> drop(header.reason(), slot);
        }
    }

    private void data(MemorySegment memory, int slot, long at, int length, long now) {
        Slot call = table.up(header.key());
        if (call == null) {
            puntFrame(memory, slot, at, length);
            return;
        }
        if (!call.isPeer(batch.remoteHigh(slot), batch.remoteLow(slot), batch.remotePort(slot))) {
            drop(DropReason.WRONG_PEER, slot, call);
            return;
        }
        int ppp = Decapsulate.pppHeaderBeforeIpv4(memory, header.payload(), header.payloadLength());
        if (ppp < 0) {
            puntFrame(memory, slot, at, length);
            return;
        }
        forward(call, memory, slot, now, header.payload() + ppp, header.payloadLength() - ppp);
    }

    private void forward(Slot call, MemorySegment memory, int slot, long now, long at, int length) {
        int total = Ipv4Header.soundLength(memory, at, length);
        if (total < 0) {
            drop(DropReason.BAD_INNER_PACKET, slot, call);
            return;
        }
        if (!call.defaultRoute && Ipv4Header.source(memory, at) != call.address) {
            drop(DropReason.WRONG_INNER_SOURCE, slot, call);
            return;
        }
        DropReason policed = call.upPolicer == null ? null : call.upPolicer.refuses(total, now);
        if (policed != null) {
            drop(policed, slot, call);
            return;
        }
        TcpMss.clamp(memory, at, total, call.largestMss);
        DropReason refused = network.take(memory, at, total, call.key);
        if (refused != null) {
            drop(refused, slot, call);
            return;
        }
        call.traffic.countUp(total);
    }

    private void puntControl(MemorySegment memory, int slot, long at, int length) {
        byte[] datagram = Octets.copy(memory, at, length);
        PeerPath path = paths.of(batch, slot);
        if (listener.enabled()) {
            listener.received(path, datagram);
        }
        if (punts.offerControl(new PuntQueues.ControlDatagram(path, datagram))) {
            punted = true;
        } else {
            drop(DropReason.CONTROL_QUEUE_FULL, slot);
        }
    }

    private void puntFrame(MemorySegment memory, int slot, long at, int length) {
        PeerPath path = paths.of(batch, slot);
        if (listener.enabled()) {
            listener.received(path, Octets.copy(memory, at, length));
        }
        Bytes frame = Bytes.of(Octets.copy(memory, header.payload(), header.payloadLength()));
        if (punts.offerFrame(new FrameArrived(path, ForwardingTable.sessionKey(header.key()), frame))) {
            punted = true;
        } else {
            drop(DropReason.FRAME_QUEUE_FULL, slot);
        }
    }

    private void drop(DropReason reason, int slot, Slot call) {
        call.traffic.countDrop();
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + paths.of(batch, slot).remote() + " for session " + call.entry.key());
        }
    }

    private void drop(DropReason reason, int slot) {
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + paths.of(batch, slot).remote() + ", " + batch.length(slot) + " octets");
        }
    }
}
