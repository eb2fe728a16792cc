package io.warren.dataplane;

import io.warren.sys.SendMessages;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams on their way out. Those with the same addresses that follow each other and are of equal size leave as one
 * send, which the kernel cuts (UDP_SEGMENT); what goes to one receiver keeps its order, the rest need not. Belongs to
 * one thread.
 */
final class SendRuns {
    /** Most sends of one batch; one more is kept for what the kernel refuses to cut. */
    private static final int MESSAGES = 128;

    private static final int RECEIVERS = 256;

    private final IntFunction<UdpSocket> socketOf;
    private final Drops drops;
    private final boolean segment;
    private final boolean shared;
    private final SendMessages messages = new SendMessages(MESSAGES + 1);
    private final @Nullable Undelivered[] whose = new @Nullable Undelivered[MESSAGES * SendMessages.MOST_DATAGRAMS];

    // Of each message
    private final long[] remoteHighs = new long[MESSAGES];
    private final long[] remoteLows = new long[MESSAGES];
    private final int[] remotePorts = new int[MESSAGES];
    private final long[] localHighs = new long[MESSAGES];
    private final long[] localLows = new long[MESSAGES];
    private final int[] sockets = new int[MESSAGES];
    private final int[] outers = new int[MESSAGES];

    /** The message last begun for the receivers of one hash, plus one; of this batch only if it is its receiver's. */
    private final int[] latest = new int[RECEIVERS];

    private int count;

    /** Datagrams longer than this are not cut by the kernel: it has refused one, since they exceed a link's MTU. */
    private int longestSegment = Integer.MAX_VALUE;

    /**
     * @param segment whether the kernel can cut
     * @param shared whether other threads send batches with the same sockets
     */
    SendRuns(IntFunction<UdpSocket> socketOf, Drops drops, boolean segment, boolean shared) {
        this.socketOf = socketOf;
        this.drops = drops;
        this.segment = segment;
        this.shared = shared;
    }

    /**
     * Adds a datagram, which stays where it is until {@link #flush}.
     *
     * @param remoteHigh the receiver's address
     * @param localHigh our address that it leaves with; 0, and {@code localLow} too: the socket's
     * @param socket its number, by which the constructor's function knows it
     * @param hash of the receiver
     * @param outer see {@link Outbox#outer}
     * @param owner hears when it cannot leave
     */
    void add(
            long remoteHigh,
            long remoteLow,
            int remotePort,
            long localHigh,
            long localLow,
            int socket,
            int hash,
            int outer,
            Undelivered owner,
            MemorySegment memory,
            long at,
            int length) {
        int place = hash & RECEIVERS - 1;
        int message = latest[place] - 1;
        if (!segment
                || message < 0
                || message >= count
                || length > longestSegment
                || !messages.takes(message, length)
                || outers[message] != outer
                || remoteLows[message] != remoteLow
                || remotePorts[message] != remotePort
                || localLows[message] != localLow
                || ((remoteHighs[message] ^ remoteHigh) | (localHighs[message] ^ localHigh)) != 0
                || sockets[message] != socket) {
            message = begin(remoteHigh, remoteLow, remotePort, localHigh, localLow, socket, outer);
            latest[place] = message + 1;
        }
        whose[message * SendMessages.MOST_DATAGRAMS + messages.count(message)] = owner;
        messages.add(message, memory, at, length);
    }

    private int begin(
            long remoteHigh, long remoteLow, int remotePort, long localHigh, long localLow, int socket, int outer) {
        if (count == MESSAGES) {
            flush();
        }
        int message = count++;
        remoteHighs[message] = remoteHigh;
        remoteLows[message] = remoteLow;
        remotePorts[message] = remotePort;
        localHighs[message] = localHigh;
        localLows[message] = localLow;
        sockets[message] = socket;
        outers[message] = outer;
        int trafficClass = Outbox.trafficClass(outer);
        messages.begin(message, remoteHigh, remoteLow, remotePort, localHigh, localLow, trafficClass);
        return message;
    }

    /** Sends what was added. */
    void flush() {
        for (int message = 0; message < count; message++) {
            messages.finish(message);
        }
        int from = 0;
        while (from < count) {
            boolean dontFragment = Outbox.dontFragment(outers[from]);
            int to = from + 1;
            while (to < count && sockets[to] == sockets[from] && Outbox.dontFragment(outers[to]) == dontFragment) {
                to++;
            }
            send(socketOf.apply(sockets[from]), dontFragment, from, to);
            from = to;
        }
        discard();
    }

    /** Forgets what was added. */
    void discard() {
        count = 0;
    }

    /** Whether to fragment is a socket's option and not a message's. */
    private void send(UdpSocket socket, boolean dontFragment, int from, int to) {
        if (shared) {
            synchronized (socket) {
                socket.setDontFragment(dontFragment);
                send(socket, from, to);
            }
        } else {
            socket.setDontFragment(dontFragment);
            send(socket, from, to);
        }
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
        boolean left = false;
        for (int datagram = 0; datagram < datagrams; datagram++) {
            messages.single(message, datagram, MESSAGES);
            int sent = socket.send(messages, MESSAGES, MESSAGES + 1);
            if (sent <= 0) {
                lost(message, datagram, -sent);
            } else {
                left = true;
            }
        }
        // What cannot leave one by one either, as from an address that is gone, says nothing about lengths.
        if (left && UdpSocket.refusesSegments(errno)) {
            longestSegment = Math.min(longestSegment, messages.segmentSize(message) - 1);
        }
    }

    private void lost(int message, int datagram, int errno) {
        Undelivered owner = whose[message * SendMessages.MOST_DATAGRAMS + datagram];
        if (owner != null) {
            owner.lost(errno, drops);
        }
    }
}
