package io.warren.dataplane;

import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;

/** L2TP packets on their way to the peers, see {@link SendRuns}. Belongs to one thread. */
final class Outbox {
    private static final int TRAFFIC_CLASS = 0xff;
    private static final int DONT_FRAGMENT = 0x100;

    /** A datagram that another node wanted to be sent: there is no call here to know of its loss. */
    private static final Undelivered OF_ANOTHER_NODE = (errno, drops) ->
            drops.count(DropReason.SEND_FAILED, () -> "for another node: " + UdpSocket.describe(errno));

    private final SendRuns runs;

    /**
     * @param queue which of the sockets of each address is ours
     * @param segment whether the kernel can cut
     */
    Outbox(Sockets sockets, int queue, Drops drops, boolean segment) {
        this(sockets, queue, drops, segment, false);
    }

    /** @param shared whether other threads send batches with the same sockets */
    Outbox(Sockets sockets, int queue, Drops drops, boolean segment, boolean shared) {
        this.runs = new SendRuns(index -> sockets.get(index, queue), drops, segment, shared);
    }

    /** What an outer IP header has of its own, as {@link #add} wants it. */
    static int outer(int trafficClass, boolean dontFragment) {
        return dontFragment ? trafficClass | DONT_FRAGMENT : trafficClass;
    }

    static int trafficClass(int outer) {
        return outer & TRAFFIC_CLASS;
    }

    static boolean dontFragment(int outer) {
        return (outer & DONT_FRAGMENT) != 0;
    }

    /** Adds an L2TP packet, which stays where it is until {@link #flush}. */
    void add(Slot call, MemorySegment memory, long at, int length, int outer) {
        runs.add(
                call.remoteHigh,
                call.remoteLow,
                call.remotePort,
                call.localHigh,
                call.localLow,
                call.socket,
                call.peerHash,
                outer,
                call,
                memory,
                at,
                length);
    }

    /**
     * The same, but it leaves from another end of ours than the call began with. The socket of an IPv6 one is bound to
     * just that address, so that the kernel knows it, see {@link Sockets#indexOf(long)}.
     */
    void addFrom(long local, int socket, Slot call, MemorySegment memory, long at, int length, int outer) {
        runs.add(
                call.remoteHigh,
                call.remoteLow,
                call.remotePort,
                0,
                Ends.isIpv6(local) ? 0 : Ends.low(local),
                socket,
                call.peerHash,
                outer,
                call,
                memory,
                at,
                length);
    }

    /** Adds an L2TP packet of a call of another node. */
    void addForAnother(OuterPath path, int socket, MemorySegment memory, long at, int length, int outer) {
        runs.add(
                path.peerHigh,
                path.peerLow,
                path.peerPort,
                path.localHigh,
                path.localLow,
                socket,
                AddressBits.hash(path.peerHigh, path.peerLow, path.peerPort),
                outer,
                OF_ANOTHER_NODE,
                memory,
                at,
                length);
    }

    /** Sends what was added. */
    void flush() {
        runs.flush();
    }

    /** Forgets what was added. */
    void discard() {
        runs.discard();
    }
}
