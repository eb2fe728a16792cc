package io.warren.dataplane;

import io.warren.control.port.PeerPath;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Reads what other nodes relay to us: what came from a peer goes the way up as if it had come here, what is for a
 * subscriber the way down, and what we are to send leaves. Believes nobody who does not show the cookie.
 */
final class RelayUplink extends Uplink {
    private final RelayPlane plane;
    private final Downlink downlink;
    private final Outbox outbox;
    private final Sockets sockets;

    /** Who has sent what is in the slot; null: nobody that we know. */
    private @Nullable RelayNode sender;

    /** The end of ours that the peer spoke to, and the peer's, of the packet that is being handled. */
    private long local;

    private long peer;

    /**
     * @param outbox that {@code downlink} fills, too
     * @param sockets that face the peers
     */
    RelayUplink(
            UdpSocket socket,
            ForwardingTable table,
            IpSink network,
            PuntQueues punts,
            Drops drops,
            PacketListener listener,
            PacketBuffers batch,
            WorkMeter meter,
            RelayPlane plane,
            RelayOutbox relay,
            Downlink downlink,
            Outbox outbox,
            Sockets sockets) {
        super(socket, table, network, punts, drops, listener, batch, meter, relay);
        this.plane = plane;
        this.downlink = downlink;
        this.outbox = outbox;
        this.sockets = sockets;
    }

    @Override
    void meet(PacketBuffers batch, int slot) {
        sender = plane.places().sender(Ends.of((int) batch.remoteLow(slot), batch.remotePort(slot)));
    }

    @Override
    void handlePacket(MemorySegment memory, int slot, long at, int length, long now) {
        RelayNode node = sender;
        if (node == null) {
            drop(DropReason.UNKNOWN_RELAY, slot);
        } else if (length < RelayHeader.LENGTH) {
            drop(DropReason.BAD_RELAY_HEADER, slot);
        } else if ((RelayHeader.cookie(memory, at) ^ node.cookieIn) != 0) {
            drop(DropReason.WRONG_COOKIE, slot);
        } else {
            node.heard(now);
            dispatch(node, memory, slot, at, length, now);
        }
    }

    private void dispatch(RelayNode node, MemorySegment memory, int slot, long at, int length, long now) {
        int kind = RelayHeader.kind(memory, at);
        int hops = RelayHeader.hops(memory, at);
        if (kind == 0 || kind >= RelayHeader.KINDS || hops < 1 || hops > RelayHeader.MOST_HOPS) {
            drop(DropReason.BAD_RELAY_HEADER, slot);
            return;
        }
        node.countIn(kind);
        long packet = at + RelayHeader.LENGTH;
        int octets = length - RelayHeader.LENGTH;
        peer = RelayHeader.peer(memory, at);
        local = RelayHeader.local(memory, at);
        switch (kind) {
            case RelayHeader.UP -> {
                comesFrom(0, Ends.low(peer), Ends.port(peer), hops);
                super.handlePacket(memory, slot, packet, octets, now);
            }
            case RelayHeader.DOWN -> downlink.relayed(memory, packet, octets, hops, now);
            case RelayHeader.SEND -> send(memory, slot, packet, octets, RelayHeader.outer(memory, at));
            case RelayHeader.ALIVE -> node.alive(now);
            default -> node.bye();
        }
    }

    private void send(MemorySegment memory, int slot, long at, int length, int outer) {
        int socket = sockets.indexOf(local);
        if (socket < 0) {
            drop(DropReason.NO_SOCKET, slot);
        } else {
            outbox.addForAnother(local, socket, peer, memory, at, length, outer);
        }
    }

    @Override
    PeerPath path(int slot) {
        return paths().of(peer, local);
    }

    @Override
    long local(int slot) {
        return local;
    }

    @Override
    void flush() {
        super.flush();
        downlink.flush();
    }

    @Override
    void discard() {
        super.discard();
        downlink.discard();
    }
}
