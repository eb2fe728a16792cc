package io.warren.dataplane;

import io.warren.sys.SendMessages;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * L2TP packets on their way to the peers. Those for one peer that follow each other and are of equal size leave as one
 * send, which the kernel cuts (UDP_SEGMENT); packets to one peer keep their order, those to different peers need not.
 * Belongs to one thread.
 */
final class Outbox {
    /** Most sends of one batch; one more is kept for what the kernel refuses to cut. */
    private static final int MESSAGES = 128;

    private static final int PEERS = 256;

    private static final int TRAFFIC_CLASS = 0xff;
    private static final int DONT_FRAGMENT = 0x100;

    /** IPv4 without options, and UDP. */
    private static final int OUTER_HEADERS = 28;

    private final Sockets sockets;
    private final int queue;
    private final Drops drops;
    private final boolean segment;
    private final SendMessages messages = new SendMessages(MESSAGES + 1);
    private final @Nullable Slot[] calls = new @Nullable Slot[MESSAGES * SendMessages.MOST_DATAGRAMS];
    private final int[] outers = new int[MESSAGES];

    /** The message last begun for the peers of one hash, plus one; of this batch only if it is its peer's. */
    private final int[] latest = new int[PEERS];

    private int count;

    /** Datagrams longer than this are not cut by the kernel: it has refused one, since they exceed a link's MTU. */
    private int longestSegment = Integer.MAX_VALUE;

    /**
     * @param queue which of the sockets of each address is ours
     * @param segment whether the kernel can cut
     */
    Outbox(Sockets sockets, int queue, Drops drops, boolean segment) {
        this.sockets = sockets;
        this.queue = queue;
        this.drops = drops;
        this.segment = segment;
    }

    /** What an outer IP header has of its own, as {@link #add} wants it. */
    static int outer(int trafficClass, boolean dontFragment) {
        return dontFragment ? trafficClass | DONT_FRAGMENT : trafficClass;
    }

    /** Adds an L2TP packet, which stays where it is until {@link #flush}. */
    void add(Slot call, MemorySegment memory, long at, int length, int outer) {
        int message = messageFor(call, length, outer);
        calls[message * SendMessages.MOST_DATAGRAMS + messages.count(message)] = call;
        messages.add(message, memory, at, length);
    }

    private int messageFor(Slot call, int length, int outer) {
        int place = call.peerHash & PEERS - 1;
        int message = latest[place] - 1;
        if (segment
                && message >= 0
                && message < count
                && length <= longestSegment
                && messages.takes(message, length)
                && outers[message] == outer
                && call.hasPathOf(first(message))) {
            return message;
        }
        if (count == MESSAGES) {
            flush();
        }
        message = count++;
        latest[place] = message + 1;
        outers[message] = outer;
        messages.begin(
                message, call.remoteLow, call.remotePort, call.hasLocal() ? call.localLow : 0, outer & TRAFFIC_CLASS);
        return message;
    }

    private Slot first(int message) {
        return call(message, 0);
    }

    private Slot call(int message, int datagram) {
        Slot call = calls[message * SendMessages.MOST_DATAGRAMS + datagram];
        if (call == null) {
            throw new IllegalStateException("message " + message + " has no datagram " + datagram);
        }
        return call;
    }

    /** Sends what was added. */
    void flush() {
        for (int message = 0; message < count; message++) {
            messages.finish(message);
        }
        int from = 0;
        while (from < count) {
            UdpSocket socket = sockets.get(first(from).socket, queue);
            int dontFragment = outers[from] & DONT_FRAGMENT;
            int to = from + 1;
            while (to < count
                    && first(to).socket == first(from).socket
                    && (outers[to] & DONT_FRAGMENT) == dontFragment) {
                to++;
            }
            socket.setDontFragment(dontFragment != 0);
            send(socket, from, to);
            from = to;
        }
        discard();
    }

    /** Forgets what was added. */
    void discard() {
        count = 0;
    }

    private void send(UdpSocket socket, int from, int to) {
        int next = from;
        while (next < to) {
            int sent = socket.send(messages, next, to);
            if (sent <= 0) {
                refused(socket, next, -sent);
                next++;
            } else {
                next += sent;
            }
        }
    }

    private void refused(UdpSocket socket, int message, int errno) {
        int datagrams = messages.count(message);
        if (datagrams == 1) {
            lost(message, 0, errno);
            return;
        }
        if (UdpSocket.refusesSegments(errno)) {
            longestSegment = Math.min(longestSegment, messages.segmentSize(message) - 1);
        }
        for (int datagram = 0; datagram < datagrams; datagram++) {
            messages.single(message, datagram, MESSAGES);
            int sent = socket.send(messages, MESSAGES, MESSAGES + 1);
            if (sent <= 0) {
                lost(message, datagram, -sent);
            }
        }
    }

    private void lost(int message, int datagram, int errno) {
        Slot call = call(message, datagram);
        call.traffic.countDrop();
        if (drops.countIsDue(DropReason.SEND_FAILED)) {
            drops.log(DropReason.SEND_FAILED, "to " + call.entry.path().remote() + ": " + UdpSocket.describe(errno));
        }
        if (UdpSocket.tooLong(errno)) {
            int mtu = UdpSocket.pathMtu(call.remoteHigh, call.remoteLow, call.remotePort);
            if (mtu > 0) {
                call.traffic.limitPacket(mtu - OUTER_HEADERS - call.header.length(), System.nanoTime());
            }
        }
    }
}
