package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.TrafficLimits;
import io.warren.sys.AddressBits;
import org.jspecify.annotations.Nullable;

/**
 * A forwarding entry as the packet threads want it: addresses as numbers, the header built, the socket known.
 * Immutable but for its counters; replaced as a whole.
 */
final class Slot {
    /** Octets of the largest frame that waits for another: larger ones are rare and go on at once. */
    private static final int LARGEST_HELD = 2_048;

    final ForwardingEntry entry;

    /** Our tunnel id in the upper, our session id in the lower 16 bits. */
    final int key;

    final int address;
    final long remoteHigh;
    final long remoteLow;
    final int remotePort;
    final long localHigh;
    final long localLow;

    /** The same for all calls of one peer. */
    final int peerHash;

    /** Index of the socket that the call came in on, -1 when there is none. */
    final int socket;

    /** Whether packets from the peer may have any source. */
    final boolean defaultRoute;

    /** Largest IP packet that the peer takes. */
    final int peerMru;

    /** What TCP's MSS option is lowered to, in both directions. */
    final int largestMss;

    final Encapsulate header;
    final Traffic traffic;

    /** Asked for each packet from the subscriber; null: without limits. */
    final @Nullable Policer upPolicer;

    /** Asked for each packet to the subscriber; null: without limits. */
    final @Nullable Policer downPolicer;

    /** Puts frames from the peer into order; null: there is nothing to order them by. Only for the thread that receives. */
    final @Nullable ReorderWindow reorder;

    /**
     * @param socket of the call's local end, -1 for none
     * @param forwarding whether data carries the Length field, and how long it waits for what is late
     * @param before what stood in the table for this call: its buckets go on
     * @param now for the buckets
     */
    Slot(
            ForwardingEntry entry,
            int socket,
            int linkMtu,
            DataPlaneSettings.Forwarding forwarding,
            @Nullable Slot before,
            Traffic traffic,
            long now) {
        TrafficLimits limits = entry.limits();
        Endpoint remote = entry.path().remote();
        Endpoint local = entry.path().local();
        byte[] remoteAddress = remote.address().toByteArray();
        byte[] localAddress = local.address().toByteArray();
        this.entry = entry;
        this.key = ForwardingTable.key(entry.key());
        this.address = entry.address();
        this.remoteHigh = AddressBits.high(remoteAddress);
        this.remoteLow = AddressBits.low(remoteAddress);
        this.remotePort = remote.port();
        this.localHigh = AddressBits.high(localAddress);
        this.localLow = AddressBits.low(localAddress);
        this.peerHash = AddressBits.hash(remoteHigh, remoteLow, remotePort);
        this.socket = socket;
        this.defaultRoute = entry.defaultRoute();
        this.peerMru = entry.peerMru();
        this.largestMss = Math.max(1, Math.min(entry.peerMru(), linkMtu) - TcpMss.HEADERS);
        this.header = Encapsulate.of(entry, forwarding.lengthBit());
        this.traffic = traffic;
        this.upPolicer = Policer.of(
                limits.upRate(),
                limits.upBurst(),
                limits.packetRate(),
                DropReason.POLICED_UP,
                before == null ? null : before.upPolicer,
                now);
        this.downPolicer = Policer.of(
                limits.downRate(),
                limits.downBurst(),
                limits.packetRate(),
                DropReason.POLICED_DOWN,
                before == null ? null : before.downPolicer,
                now);
        this.reorder = window(entry, forwarding, before);
    }

    private static @Nullable ReorderWindow window(
            ForwardingEntry entry, DataPlaneSettings.Forwarding forwarding, @Nullable Slot before) {
        if (!entry.sendSequence() || forwarding.reorderFrames() == 0) {
            return null;
        }
        if (before != null && before.reorder != null) {
            return before.reorder;
        }
        return new ReorderWindow(
                forwarding.reorderFrames(),
                LARGEST_HELD,
                0,
                forwarding.reorderWait().toNanos());
    }

    /** Whether a packet with this source may belong to the call. */
    boolean isPeer(long high, long low, int port) {
        return low == remoteLow && port == remotePort && high == remoteHigh;
    }

    /** Whether packets to the two calls leave with the same addresses and ports. */
    boolean hasPathOf(Slot other) {
        return remoteLow == other.remoteLow
                && remotePort == other.remotePort
                && localLow == other.localLow
                && socket == other.socket
                && remoteHigh == other.remoteHigh
                && localHigh == other.localHigh;
    }

    /** Whether our end of the path is one address, with which packets must leave. */
    boolean hasLocal() {
        return localHigh != 0 || (int) localLow != 0;
    }
}
