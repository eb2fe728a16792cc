package io.warren.dataplane;

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
        long end = Ends.of(batch.remoteHigh(slot), batch.remoteLow(slot), batch.remotePort(slot));
        sender = plane.places().sender(end);
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
        int left = RelayHeader.hops(memory, at);
        int header = RelayHeader.length(kind);
        if (kind == 0 || kind >= RelayHeader.KINDS || length < header || left < 1 || left > RelayHeader.MOST_HOPS) {
            drop(DropReason.BAD_RELAY_HEADER, slot);
            return;
        }
        node.countIn(kind);
        long packet = at + header;
        int octets = length - header;
        RelayHeader.read(memory, at, kind, way);
        switch (kind) {
            case RelayHeader.UP, RelayHeader.UP_IPV6 -> {
                hops = left;
                super.handlePacket(memory, slot, packet, octets, now);
            }
            case RelayHeader.DOWN -> downlink.relayed(memory, packet, octets, left, now);
            case RelayHeader.SEND, RelayHeader.SEND_IPV6 ->
                send(memory, slot, packet, octets, RelayHeader.outer(memory, at));
            case RelayHeader.ALIVE -> node.alive(now);
            default -> node.bye();
        }
    }

    private void send(MemorySegment memory, int slot, long at, int length, int outer) {
        int socket = sockets.indexOf(way);
        if (socket < 0) {
            drop(DropReason.NO_SOCKET, slot);
        } else {
            outbox.addForAnother(way, socket, memory, at, length, outer);
        }
    }

    /** Both ends are as the header has them. */
    @Override
    OuterPath way(int slot) {
        return way;
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
