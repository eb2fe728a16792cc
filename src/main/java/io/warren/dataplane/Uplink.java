package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.Ingress.FrameArrived;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.sys.AddressBits;
import io.warren.sys.CurrentThread;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import io.warren.wire.Bytes;
import io.warren.wire.mppe.MppeReceiver;
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
    private final IpSink network;
    private final PuntQueues punts;
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
    private boolean punted;

    /** The way of the datagram that is being handled; our end only as far as {@link #way(int)} was asked. */
    final OuterPath way = new OuterPath();

    /** How many relays it has left. */
    int hops;

    /** Calls of which a frame waits for another. */
    private final List<Slot> late = new ArrayList<>();

    private final ReorderWindow.Output output = this::passInOrder;

    /** Whose frames {@link #passInOrder} gets. */
    private @Nullable Slot inOrder;

    /** Null before the first compressed packet. */
    private @Nullable InflatedFrames inflated;

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
        this.network = network;
        this.punts = punts;
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
        wakePunts();
        return packets;
    }

    /** No packet should bring us here; if one does, those of other peers must go on. */
    private void giveUp(RuntimeException fault) {
        drops.countFault(fault);
        discard();
    }

    /** Ends a batch: what was held back leaves now. */
    void flush() {
        network.flush();
        if (relay != null) {
            relay.flush();
        }
        forgetInflated();
    }

    /** Forgets what was held back, whatever became of it: for after a failure. */
    void discard() {
        network.discard();
        if (relay != null) {
            relay.discard();
        }
        forgetInflated();
    }

    private void forgetInflated() {
        if (inflated != null) {
            inflated.clear();
        }
    }

    /** The thread's name, without what all have in common. */
    final String name() {
        return meter.name();
    }

    private void wakePunts() {
        if (punted) {
            punted = false;
            punts.wake();
        }
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
            punt(path(slot), header.key(), memory, header.payload(), header.payloadLength());
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
            frame(call, memory, header.payload(), header.payloadLength(), now);
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
        DropReason refused = window.take(header.ns(), memory, header.payload(), header.payloadLength(), now, output);
        if (refused != null) {
            drop(refused, call);
        }
        if (window.deadline() != ReorderWindow.NEVER && !late.contains(call)) {
            late.add(call);
        }
    }

    /** What lies in the window's memory has to leave before the window is asked again. */
    private void passInOrder(MemorySegment memory, long at, int length) {
        if (inOrder != null) {
            frame(inOrder, memory, at, length, inOrderNow);
            if (relay != null || memory.address() != batch.memory().address()) {
                network.flush();
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
        wakePunts();
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

    private void frame(Slot call, MemorySegment memory, long at, int length, long now) {
        if (call.plain) {
            plainFrame(call, memory, at, length, now);
        } else if (call.mppe != null) {
            encryptedFrame(call, call.mppe, memory, at, length, now);
        } else if (call.deflate != null) {
            compressedFrame(call, call.deflate, memory, at, length, now);
        }
    }

    /** What is decompressed is a frame again, without Address and Control fields. */
    private void compressedFrame(Slot call, DeflatePath deflate, MemorySegment memory, long at, int length, long now) {
        int ppp = Decapsulate.pppHeaderBefore(Decapsulate.COMPRESSED, memory, at, length);
        if (ppp < 0) {
            deflate.passed(memory, at, length);
            plainFrame(call, memory, at, length, now);
            return;
        }
        InflatedFrames into = roomFor(deflate.largest());
        DropReason refused = deflate.open(memory, at + ppp, length - ppp, into);
        if (refused == null) {
            plainFrame(call, into.memory(), into.at(), into.length(), now);
            return;
        }
        drop(refused, call);
        if (!call.standby && deflate.asksForReset(now)) {
            puntOwn(call, memory, at, length);
        }
    }

    private InflatedFrames roomFor(int octets) {
        InflatedFrames into = inflated;
        if (into == null) {
            into = new InflatedFrames();
            inflated = into;
        } else if (!into.hasRoom(octets)) {
            flush();
        }
        return into;
    }

    /** What is decrypted is a frame again, without Address and Control fields. */
    private void encryptedFrame(Slot call, MppePath mppe, MemorySegment memory, long at, int length, long now) {
        int ppp = Decapsulate.pppHeaderBefore(Decapsulate.COMPRESSED, memory, at, length);
        DropReason refused = ppp < 0 ? DropReason.NOT_ENCRYPTED : mppe.open(memory, at + ppp, length - ppp, now);
        int skip = ppp + MppeReceiver.HEADER;
        if (refused == null) {
            plainFrame(call, memory, at + skip, length - skip, now);
        } else if (ppp < 0 && !Decapsulate.isIp(memory, at, length)) {
            puntOwn(call, memory, at, length);
        } else {
            drop(refused, call);
        }
    }

    private void plainFrame(Slot call, MemorySegment memory, long at, int length, long now) {
        int ppp = Decapsulate.pppHeaderBefore(Decapsulate.IPV4, memory, at, length);
        if (ppp >= 0) {
            forward(call, memory, at + ppp, length - ppp, now);
            return;
        }
        ppp = call.ipv6 ? Decapsulate.pppHeaderBefore(Decapsulate.IPV6, memory, at, length) : -1;
        if (ppp < 0) {
            puntOwn(call, memory, at, length);
        } else if (!forwardIpv6(call, memory, at + ppp, length - ppp, now)) {
            linkLocal(call, memory, at, length, ppp, now);
        }
    }

    private void puntOwn(Slot call, MemorySegment memory, long at, int length) {
        if (call.standby) {
            drop(DropReason.NO_OWNER, call);
        } else {
            punt(call.entry.path(), call.key, memory, at, length);
        }
    }

    /** Router Solicitations, DHCPv6, echo: what a host may have to ask of us, which the control plane answers. */
    private void linkLocal(Slot call, MemorySegment memory, long at, int length, int ppp, long now) {
        int next = Ipv6Header.nextHeader(memory, at + ppp);
        boolean ours = next == Icmpv6Messages.ICMPV6 || next == TransportHeader.UDP;
        if (ours && call.linkLocal != null && call.linkLocal.admits(1, now)) {
            puntOwn(call, memory, at, length);
        } else {
            drop(DropReason.LINK_LOCAL, call);
        }
    }

    /** False when the packet is for its own link, and not looked at further. */
    private boolean forwardIpv6(Slot call, MemorySegment memory, long at, int length, long now) {
        int total = Ipv6Header.soundLength(memory, at, length);
        if (total < 0) {
            drop(DropReason.BAD_INNER_PACKET, call);
            return true;
        }
        if (Ipv6Header.isLocal(Ipv6Header.destinationHigh(memory, at))) {
            return false;
        }
        long source = Ipv6Header.sourceHigh(memory, at);
        if (Ipv6Header.isLocal(source) || !table.maySendIpv6(call, source)) {
            drop(DropReason.WRONG_INNER_SOURCE, call);
            return true;
        }
        if (admits(call, memory, at, total, now)) {
            TcpMss.clampIpv6(memory, at, total, call.largestMss6);
            give(call, memory, at, total);
        }
        return true;
    }

    private void forward(Slot call, MemorySegment memory, long at, int length, long now) {
        int total = Ipv4Header.soundLength(memory, at, length);
        if (total < 0) {
            drop(DropReason.BAD_INNER_PACKET, call);
            return;
        }
        if (!table.maySend(call, Ipv4Header.source(memory, at))) {
            drop(DropReason.WRONG_INNER_SOURCE, call);
            return;
        }
        if (admits(call, memory, at, total, now)) {
            TcpMss.clamp(memory, at, total, call.largestMss);
            give(call, memory, at, total);
        }
    }

    private boolean admits(Slot call, MemorySegment memory, long at, int total, long now) {
        DropReason refused = call.refusesUp(memory, at, total, now);
        if (refused != null) {
            drop(refused, call);
        }
        return refused == null;
    }

    /** To the network. */
    private void give(Slot call, MemorySegment memory, long at, int total) {
        DropReason refused = network.take(memory, at, total, call.key);
        if (refused != null) {
            drop(refused, call);
            return;
        }
        if (relay == null || !relay.arriving()) {
            call.traffic.countUp(total);
        } else {
            call.traffic.countRelayedUp(total);
        }
    }

    private void puntControl(MemorySegment memory, int slot, long at, int length) {
        byte[] datagram = Octets.copy(memory, at, length);
        PeerPath path = path(slot);
        if (listener.enabled()) {
            listener.received(path, datagram);
        }
        if (punts.offerControl(new PuntQueues.ControlDatagram(path, datagram))) {
            punted = true;
        } else {
            drop(DropReason.CONTROL_QUEUE_FULL, slot);
        }
    }

    private void hear(MemorySegment memory, int slot, long at, int length) {
        if (listener.enabled()) {
            listener.received(path(slot), Octets.copy(memory, at, length));
        }
    }

    private void punt(PeerPath path, int key, MemorySegment memory, long at, int length) {
        Bytes frame = Bytes.of(Octets.copy(memory, at, length));
        if (punts.offerFrame(new FrameArrived(path, ForwardingTable.sessionKey(key), frame))) {
            punted = true;
        } else if (drops.countIsDue(DropReason.FRAME_QUEUE_FULL)) {
            drops.log(DropReason.FRAME_QUEUE_FULL, "from " + path.remote());
        }
    }

    private void drop(DropReason reason, Slot call) {
        call.traffic.countDrop();
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + call.entry.path().remote() + " for session " + call.entry.key());
        }
    }

    final void drop(DropReason reason, int slot) {
        if (drops.countIsDue(reason)) {
            Endpoint from = Ends.endpoint(batch.remoteHigh(slot), batch.remoteLow(slot), batch.remotePort(slot));
            drops.log(reason, "from " + from + ", " + batch.length(slot) + " octets");
        }
    }
}
