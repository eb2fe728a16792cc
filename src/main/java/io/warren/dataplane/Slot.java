package io.warren.dataplane;

import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.sys.AddressBits;
import io.warren.sys.UdpSocket;
import io.warren.wire.mppe.MppeSender;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A forwarding entry as the packet threads want it: addresses as numbers, the header built, the socket known.
 * Immutable but for its counters; replaced as a whole.
 */
final class Slot implements Undelivered {
    /** IPv4 without options, and UDP. */
    private static final int OUTER_HEADERS = 28;

    /** IPv6 without extension headers, and UDP. */
    private static final int OUTER_IPV6_HEADERS = 48;

    /** Octets of the largest frame that waits for another: larger ones are rare and go on at once. */
    private static final int LARGEST_HELD = 2_048;

    private static final int LINK_LOCAL_RATE = 20;
    private static final int LINK_LOCAL_BURST = 60;
    private static final long[] NONE = {};

    final ForwardingEntry entry;

    /** Our tunnel id in the upper, our session id in the lower 16 bits. */
    final int key;

    /** 0: the call has no IPv4. */
    final int address;

    /** Whether the call has IPv6. */
    final boolean ipv6;

    /** Its prefixes, and for each the bits that count. */
    private final long[] prefixes;

    private final long[] masks;

    /** Networks behind the subscriber; null: none. */
    final @Nullable RoutedNetworks networks;

    /** Link-local packets for the control plane, packets a second: a host has reason for a few. Null without IPv6. */
    final @Nullable TokenBucket linkLocal;

    final long remoteHigh;
    final long remoteLow;
    final int remotePort;

    /** Our address that packets leave with; both halves 0: the kernel chooses. */
    final long localHigh;

    final long localLow;

    /** The peer's end, see {@link Ends}. */
    final long peerEnd;

    /** Our end of the path, as the call began, see {@link Ends}. */
    final long localEnd;

    /** The same for all calls of one peer. */
    final int peerHash;

    /** Index of the socket that the call came in on, -1 when there is none. */
    final int socket;

    /** Whether packets from the peer may have any source. */
    final boolean defaultRoute;

    /** How packets are encrypted; null: they are not. */
    final @Nullable MppePath mppe;

    /** How packets are compressed; null: they are not. */
    final @Nullable DeflatePath deflate;

    /** Whether packets are neither encrypted nor compressed. */
    final boolean plain;

    /** Largest IP packet that the peer takes. */
    final int peerMru;

    /** What TCP's MSS option is lowered to, in both directions. */
    final int largestMss;

    /** The same within IPv6. */
    final int largestMss6;

    final Encapsulate header;
    final Traffic traffic;

    /** Asked for each packet from the subscriber; null: without limits. */
    final @Nullable Policer upPolicer;

    /** Asked for each packet to the subscriber; null: without limits. */
    final @Nullable Policer downPolicer;

    /** Asked for each packet from the subscriber; null: all pass. */
    final @Nullable PacketFilter upFilter;

    /** Asked for each packet to the subscriber; null: all pass. */
    final @Nullable PacketFilter downFilter;

    /** Another node owns the call: this is used only while that is silent. */
    final boolean standby;

    /** The end of ours, see {@link Ends}, to which the peer spoke last; only known in a cluster whose nodes have different ones. */
    volatile long reply;

    /** Puts frames from the peer into order; null: there is nothing to order them by. Only for the thread that receives. */
    final @Nullable ReorderWindow reorder;

    /**
     * @param socket of the call's local end, -1 for none
     * @param forwarding whether data carries the Length field, and how long it waits for what is late
     * @param before what stood in the table for this call: its buckets go on
     * @param standby see {@link #standby}
     * @param now for the buckets
     * @param deflateCalls that there may be
     */
    Slot(
            ForwardingEntry entry,
            int socket,
            int linkMtu,
            DataPlaneSettings.Forwarding forwarding,
            @Nullable Slot before,
            Traffic traffic,
            SkippedKeys skippedKeys,
            long now,
            boolean standby,
            DeflateCalls deflateCalls) {
        Endpoint remote = entry.path().remote();
        Endpoint local = entry.path().local();
        byte[] remoteAddress = remote.address().toByteArray();
        byte[] localAddress = local.address().toByteArray();
        this.entry = entry;
        this.key = ForwardingTable.key(entry.key());
        this.address = entry.address();
        this.ipv6 = entry.ipv6() != null;
        this.prefixes = ipv6 ? numbers(entry, Ipv6Prefix::high) : NONE;
        this.masks = ipv6 ? numbers(entry, prefix -> PrefixMap.mask(prefix.length())) : NONE;
        this.networks = RoutedNetworks.of(entry);
        this.linkLocal = ipv6 ? linkLocal(before, now) : null;
        this.remoteHigh = AddressBits.high(remoteAddress);
        this.remoteLow = AddressBits.low(remoteAddress);
        this.remotePort = remote.port();
        this.peerEnd = Ends.of(remote);
        this.localEnd = Ends.of(local);
        this.localHigh = AddressBits.high(localAddress);
        long low = AddressBits.low(localAddress);
        this.localLow = AddressBits.isUnspecified(localHigh, low) ? 0 : low;
        this.peerHash = AddressBits.hash(remoteHigh, remoteLow, remotePort);
        this.socket = socket;
        this.defaultRoute = entry.defaultRoute();
        this.mppe = MppePath.of(entry.mppe(), key, before == null ? null : before.mppe, skippedKeys, now);
        this.deflate = DeflatePath.of(entry.deflate(), before == null ? null : before.deflate, standby, deflateCalls);
        this.plain = mppe == null && deflate == null;
        this.peerMru = entry.peerMru() - growth();
        int mtu = Math.min(peerMru, linkMtu);
        this.largestMss = Math.max(1, mtu - TcpMss.HEADERS);
        this.largestMss6 = Math.max(1, mtu - TcpMss.IPV6_HEADERS);
        this.header = Encapsulate.of(entry, forwarding.lengthBit());
        this.traffic = traffic;
        this.upPolicer = Policer.up(entry.limits(), before == null ? null : before.upPolicer, now);
        this.downPolicer = Policer.down(entry.limits(), before == null ? null : before.downPolicer, now);
        this.upFilter = forwarding.filters().up(entry.filters());
        this.downFilter = forwarding.filters().down(entry.filters());
        this.reorder = window(entry, forwarding, before);
        this.standby = standby;
        this.reply = before != null && before.entry.path().equals(entry.path()) ? before.reply : localEnd;
    }

    /** Those of the call that packets are sent to. */
    static List<Ipv6Prefix> prefixes(ForwardingEntry entry) {
        return entry.ipv6() == null ? List.of() : entry.ipv6().prefixes();
    }

    /** Why a packet of the subscriber's may not go on; null: it may. */
    @Nullable
    DropReason refusesUp(MemorySegment memory, long at, int total, long now) {
        if (upFilter != null && !upFilter.passes(memory, at, total)) {
            return DropReason.FILTERED_UP;
        }
        return upPolicer == null ? null : upPolicer.refuses(total, now);
    }

    /** The same of a packet to the subscriber. */
    @Nullable
    DropReason refusesDown(MemorySegment memory, long at, int total, long now) {
        if (downFilter != null && !downFilter.passes(memory, at, total)) {
            return DropReason.FILTERED_DOWN;
        }
        return downPolicer == null ? null : downPolicer.refuses(total, now);
    }

    private static long[] numbers(ForwardingEntry entry, ToLongFunction<Ipv6Prefix> number) {
        return prefixes(entry).stream().mapToLong(number).toArray();
    }

    private static TokenBucket linkLocal(@Nullable Slot before, long now) {
        return before != null && before.linkLocal != null
                ? before.linkLocal
                : new TokenBucket(LINK_LOCAL_RATE, LINK_LOCAL_BURST, now);
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

    /** Octets that encryption adds to a packet. */
    private int growth() {
        return mppe == null ? 0 : MppeSender.GROWTH;
    }

    /** Whether a packet with this source may belong to the call. */
    boolean isPeer(long high, long low, int port) {
        return low == remoteLow && port == remotePort && high == remoteHigh;
    }

    /** Whether packets to it have many IPv4 destinations, so that several threads may read them. */
    boolean hasManyAddresses() {
        return networks != null || defaultRoute;
    }

    /** Whether this is the subscriber's own address. */
    boolean owns(int source) {
        return source == address && source != 0;
    }

    /** Whether an address with these first 64 bits is the subscriber's own. */
    boolean ownsPrefix(long high) {
        for (int i = 0; i < prefixes.length; i++) {
            if ((high & masks[i]) == prefixes[i]) {
                return true;
            }
        }
        return false;
    }

    /** Whether the subscriber's link or a network of his own is exactly this prefix. */
    boolean holds(Ipv6Prefix prefix) {
        return prefixes(entry).contains(prefix);
    }

    @Override
    public void lost(int errno, Drops drops) {
        traffic.countDrop();
        if (drops.countIsDue(DropReason.SEND_FAILED)) {
            drops.log(DropReason.SEND_FAILED, "to " + entry.path().remote() + ": " + UdpSocket.describe(errno));
        }
        if (UdpSocket.tooLong(errno)) {
            int mtu = UdpSocket.pathMtu(remoteHigh, remoteLow, remotePort);
            if (mtu > 0) {
                int outer = AddressBits.isIpv4(remoteHigh, remoteLow) ? OUTER_HEADERS : OUTER_IPV6_HEADERS;
                traffic.limitPacket(mtu - outer - header.length() - growth(), System.nanoTime());
            }
        }
    }
}
