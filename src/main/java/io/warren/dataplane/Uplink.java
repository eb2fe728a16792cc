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
    private final Decapsulate header = new Decapsulate();
    private boolean punted;

    Uplink(
            UdpSocket socket,
            ForwardingTable table,
            IpSink network,
            PuntQueues punts,
            Drops drops,
            PacketListener listener,
            PacketBuffers batch) {
        this.socket = socket;
        this.table = table;
        this.network = network;
        this.punts = punts;
        this.drops = drops;
        this.listener = listener;
        this.batch = batch;
        this.paths = new PeerPaths(socket);
    }

    /** Receives and forwards while {@code wanted}; it is asked at least ten times a second. */
    void run(BooleanSupplier wanted) throws IOException {
        while (wanted.getAsBoolean()) {
            handle(socket.receive(batch));
        }
    }

    /** Handles the packets in slots 0 to {@code count - 1}. */
    void handle(int count) {
        for (int slot = 0; slot < count; slot++) {
            handleOne(slot);
        }
        network.flush();
        if (punted) {
            punted = false;
            punts.wake();
        }
    }

    private void handleOne(int slot) {
        MemorySegment memory = batch.memory();
        long at = batch.origin(slot);
        int length = batch.length(slot);
        if (batch.truncated(slot)) {
            drop(DropReason.TRUNCATED, slot);
            return;
        }
        switch (header.read(memory, at, length)) {
            case DATA -> data(memory, slot);
            case CONTROL, CONTROL_V3 -> puntControl(memory, slot);
            case BAD -> drop(header.reason(), slot);
        }
    }

    private void data(MemorySegment memory, int slot) {
        Slot call = table.up(header.key());
        if (call == null) {
            puntFrame(memory, slot);
            return;
        }
        if (!call.isPeer(batch.remoteHigh(slot), batch.remoteLow(slot), batch.remotePort(slot))) {
            drop(DropReason.WRONG_PEER, slot, call);
            return;
        }
        int ppp = Decapsulate.pppHeaderBeforeIpv4(memory, header.payload(), header.payloadLength());
        if (ppp < 0) {
            puntFrame(memory, slot);
            return;
        }
        forward(call, memory, slot, header.payload() + ppp, header.payloadLength() - ppp);
    }

    private void forward(Slot call, MemorySegment memory, int slot, long at, int length) {
        int total = Ipv4Header.soundLength(memory, at, length);
        if (total < 0) {
            drop(DropReason.BAD_INNER_PACKET, slot, call);
            return;
        }
        if (Ipv4Header.source(memory, at) != call.address) {
            drop(DropReason.WRONG_INNER_SOURCE, slot, call);
            return;
        }
        TcpMss.clamp(memory, at, total, call.largestMss);
        DropReason refused = network.take(batch, at, total);
        if (refused != null) {
            drop(refused, slot, call);
            return;
        }
        call.traffic.countUp(total);
    }

    private void puntControl(MemorySegment memory, int slot) {
        byte[] datagram = Octets.copy(memory, batch.origin(slot), batch.length(slot));
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

    private void puntFrame(MemorySegment memory, int slot) {
        PeerPath path = paths.of(batch, slot);
        if (listener.enabled()) {
            listener.received(path, Octets.copy(memory, batch.origin(slot), batch.length(slot)));
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
