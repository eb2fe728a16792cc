package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.sys.AddressBits;
import io.warren.sys.CurrentThread;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way up, from one UDP socket: data of a known call goes to the network in the same loop that received it;
 * control packets and other PPP frames are punted; what another node of the cluster is to have is relayed. Belongs to one
 * thread.
 */
class Uplink {
    /** How often we look whether a frame has waited long enough for another. */
    private static final int LATE_WAIT_MILLIS = 5;

    private final UdpSocket socket;
    private final ForwardingTable table;
    private final Punting punting;
    private final SubscriberFrames frames;
    private final Drops drops;
    private final PacketListener listener;
    private final PacketBuffers batch;
    private final PeerPaths paths = new PeerPaths();
    private final OuterPath bound = new OuterPath();

    /** Null: a node by itself. */
    private final @Nullable RelayOutbox relay;

    private final WorkMeter meter;
    private final Gathering gathering = new Gathering();
    private final Decapsulate header = new Decapsulate();

    /** The way of the datagram that is being handled; our end only as far as {@link #way(int)} was asked. */
    final OuterPath way = new OuterPath();

    /** How many relays it has left. */
    int hops;

    /** Calls of which a frame waits for another. */
    private final List<Slot> late = new ArrayList<>();

    private final ReorderWindow.Output output = this::passInOrder;

    /** Whose frames {@link #passInOrder} gets. */
    private @Nullable Slot inOrder;

    /** When the batch came in, for {@link #passInOrder}. */
    private long inOrderNow;

    Uplink(
            UdpSocket socket,
            ForwardingTable table,
            IpSink network,
            PuntQueues punts,
            Drops drops,
            PacketListener listener,
            PacketBuffers batch,
            WorkMeter meter) {
        this(socket, table, network, punts, drops, listener, batch, meter, null);
    }

    /** @param relay takes what other nodes of the cluster are to have */
    Uplink(
            UdpSocket socket,
            ForwardingTable table,
            IpSink network,
            PuntQueues punts,
            Drops drops,
            PacketListener listener,
            PacketBuffers batch,
            WorkMeter meter,
            @Nullable RelayOutbox relay) {
        this.relay = relay;
        this.bound.setLocal(Endpoint.of(socket.localAddress()));
        this.socket = socket;
        this.table = table;
        this.punting = new Punting(punts, drops);
        this.frames = new SubscriberFrames(table, network, punting, drops, relay);
        this.drops = drops;
        this.listener = listener;
        this.batch = batch;
        this.meter = meter;
    }

    /** Receives and forwards while {@code wanted}; it is asked at least ten times a second. */
    void run(BooleanSupplier wanted) throws IOException {
        CurrentThread.prefer();
        while (wanted.getAsBoolean()) {
            int count = late.isEmpty() || socket.awaitReadable(LATE_WAIT_MILLIS) ? socket.receive(batch) : 0;
            if (!late.isEmpty()) {
                giveUpLateFrames(System.nanoTime());
            }
            if (count > 0) {
                long now = System.nanoTime();
                int packets = handle(count, now);
                long done = System.nanoTime();
                meter.worked(now, done, packets);
                if (count < batch.batchSize()) {
                    Gathering.pause(gathering.after(packets, done));
                }
            }
        }
    }

    /** Handles what is in slots 0 to {@code count - 1} and returns how many packets that were. */
    int handle(int count, long now) {
        int packets = 0;
        try {
            for (int slot = 0; slot < count; slot++) {
                packets += handleSlot(slot, now);
            }
            flush();
        } catch (RuntimeException e) {
            giveUp(e);
        }
        punting.wake();
        return packets;
    }

    /** No packet should bring us here; if one does, those of other peers must go on. */
    private void giveUp(RuntimeException fault) {
        drops.countFault(fault);
        discard();
    }

    /** Ends a batch: what was held back leaves now. */
    void flush() {
        frames.flush();
    }

    /** Forgets what was held back, whatever became of it: for after a failure. */
    void discard() {
        frames.discard();
    }

    /** The thread's name, without what all have in common. */
    final String name() {
        return meter.name();
    }

    /** One datagram, or several that arrived as one. */
    private int handleSlot(int slot, long now) {
        if (batch.truncated(slot)) {
            drop(DropReason.TRUNCATED, slot);
            return 1;
        }
        meet(batch, slot);
        long at = batch.origin(slot);
        long end = at + batch.length(slot);
        int segment = batch.segmentSize(slot);
        if (segment <= 0) {
            handlePacket(batch.memory(), slot, at, (int) (end - at), now);
            return 1;
        }
        int packets = 0;
        for (; at < end; at += segment) {
            handlePacket(batch.memory(), slot, at, (int) Math.min(segment, end - at), now);
            packets++;
        }
        return packets;
    }

    /** Looks at who has sent what is in the slot. */
    void meet(PacketBuffers from, int slot) {
        way.setPeer(from.remoteHigh(slot), from.remoteLow(slot), from.remotePort(slot));
    }

    /** The ends between which the datagram came. */
    OuterPath way(int slot) {
        long high = batch.localHigh(slot);
        long low = batch.localLow(slot);
        if (AddressBits.isUnspecified(high, low)) {
            way.setLocal(bound.localHigh, bound.localLow, bound.localPort);
        } else {
            way.setLocal(high, low, bound.localPort);
        }
        return way;
    }

    private PeerPath path(int slot) {
        return paths.of(way(slot));
    }

    void handlePacket(MemorySegment memory, int slot, long at, int length, long now) {
        if (AddressBits.isLinkLocal(way.peerHigh)) {
            drop(DropReason.LINK_LOCAL_PEER, slot);
            return;
        }
        switch (header.read(memory, at, length)) {
            case DATA -> data(memory, slot, at, length, now);
            case CONTROL -> control(memory, slot, at, length, now);
            case CONTROL_V3 -> puntControl(memory, slot, at, length);
            case BAD -> drop(header.reason(), slot);
        }
    }

    private void data(MemorySegment memory, int slot, long at, int length, long now) {
        Slot call = table.up(header.key());
        if ((call == null || call.standby)
                && relay != null
                && takesUp(relay, call, header.key() >>> 24, memory, slot, at, length, now)) {
            return;
        }
        if (call == null) {
            hear(memory, slot, at, length);
            punting.frame(path(slot), header.key(), memory, header.payload(), header.payloadLength());
            return;
        }
        if (!call.isPeer(way.peerHigh, way.peerLow, way.peerPort)) {
            drop(DropReason.WRONG_PEER, slot);
            call.traffic.countDrop();
            return;
        }
        if (listener.enabled() && !Decapsulate.isData(memory, header.payload(), header.payloadLength())) {
            hear(memory, slot, at, length);
        }
        if (relay != null && relay.viaIngress()) {
            relay.learn(call, way(slot).localEnd());
        }
        if (call.reorder == null || header.ns() < 0) {
            frames.take(call, memory, header.payload(), header.payloadLength(), now);
        } else if (relay == null) {
            order(call, call.reorder, memory, now);
        } else {
            // Packets of one call may come on several threads: here and by other nodes.
            synchronized (call.reorder) {
                order(call, call.reorder, memory, now);
            }
        }
    }

    private boolean takesUp(
            RelayOutbox out,
            @Nullable Slot call,
            int shard,
            MemorySegment memory,
            int slot,
            long at,
            int length,
            long now) {
        return out.takesUp(call, shard, way(slot), hops, memory, at, length, now);
    }

    /** RFC 2661 §3.1: the Tunnel ID is the receiver's; only an SCCRQ has none. */
    private void control(MemorySegment memory, int slot, long at, int length, long now) {
        if (relay != null) {
            int tunnelId = Octets.u16(memory, at + 4);
            if (tunnelId != 0 && takesUp(relay, null, Placement.shardOf(tunnelId), memory, slot, at, length, now)) {
                return;
            }
            if (relay.viaIngress()) {
                relay.learn(way.peerEnd(), way(slot).localEnd());
            }
        }
        puntControl(memory, slot, at, length);
    }

    private void order(Slot call, ReorderWindow window, MemorySegment memory, long now) {
        inOrder = call;
        inOrderNow = now;
        frames.passes(window.take(header.ns(), memory, header.payload(), header.payloadLength(), now, output), call);
        if (window.deadline() != ReorderWindow.NEVER && !late.contains(call)) {
            late.add(call);
        }
    }

    /** What lies in the window's memory has to leave before the window is asked again. */
    private void passInOrder(MemorySegment memory, long at, int length) {
        if (inOrder != null) {
            frames.take(inOrder, memory, at, length, inOrderNow);
            if (relay != null || memory.address() != batch.memory().address()) {
                frames.flushNetwork();
            }
        }
    }

    /** Goes on without frames that have not come in time. */
    void giveUpLateFrames(long now) {
        try {
            passLateFrames(now);
        } catch (RuntimeException e) {
            late.clear();
            giveUp(e);
        }
        punting.wake();
    }

    private void passLateFrames(long now) {
        inOrderNow = now;
        for (int index = late.size() - 1; index >= 0; index--) {
            Slot call = late.get(index);
            ReorderWindow window = call.reorder;
            inOrder = call;
            if (window == null || expire(window, now)) {
                late.remove(index);
            }
        }
    }

    /** True when nothing waits any longer. */
    private boolean expire(ReorderWindow window, long now) {
        if (relay == null) {
            window.expire(now, output);
            return window.deadline() == ReorderWindow.NEVER;
        }
        synchronized (window) {
            window.expire(now, output);
            return window.deadline() == ReorderWindow.NEVER;
        }
    }

    private void puntControl(MemorySegment memory, int slot, long at, int length) {
        byte[] datagram = Octets.copy(memory, at, length);
        PeerPath path = path(slot);
        if (listener.enabled()) {
            listener.received(path, datagram);
        }
        if (!punting.control(path, datagram)) {
            drop(DropReason.CONTROL_QUEUE_FULL, slot);
        }
    }

    private void hear(MemorySegment memory, int slot, long at, int length) {
        if (listener.enabled()) {
            listener.received(path(slot), Octets.copy(memory, at, length));
        }
    }

    final void drop(DropReason reason, int slot) {
        if (drops.countIsDue(reason)) {
            Endpoint from = Ends.endpoint(batch.remoteHigh(slot), batch.remoteLow(slot), batch.remotePort(slot));
            drops.log(reason, "from " + from + ", " + batch.length(slot) + " octets");
        }
    }
}
