package io.warren.dataplane;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the PPP frames of known calls on their way up: IP packets that the subscriber may send go to the network,
 * decrypted or decompressed before where the call is so; the rest is punted. Belongs to the thread of its {@link Uplink}.
 */
final class SubscriberFrames {
    private final ForwardingTable table;
    private final IpSink network;
    private final Punting punting;
    private final Drops drops;

    /** Null: a node by itself. */
    private final @Nullable RelayOutbox relay;

    private final CodedFrames coded = new CodedFrames();

    SubscriberFrames(ForwardingTable table, IpSink network, Punting punting, Drops drops, @Nullable RelayOutbox relay) {
        this.table = table;
        this.network = network;
        this.punting = punting;
        this.drops = drops;
        this.relay = relay;
    }

    /** What was held back leaves now. */
    void flush() {
        network.flush();
        if (relay != null) {
            relay.flush();
        }
        coded.clear();
    }

    /** The same of packets to the network alone. */
    void flushNetwork() {
        network.flush();
    }

    /** Forgets what was held back. */
    void discard() {
        network.discard();
        if (relay != null) {
            relay.discard();
        }
        coded.clear();
    }

    /** A frame of this call, in its turn. */
    void take(Slot call, MemorySegment memory, long at, int length, long now) {
        if (call.plain) {
            plainFrame(call, memory, at, length, now);
        } else if (opens(call, memory, at, length, now)) {
            plainFrame(call, coded.memory(), coded.at(), coded.length(), now);
        }
    }

    private boolean opens(Slot call, MemorySegment memory, long at, int length, long now) {
        if (!coded.hasRoomFor(call)) {
            flush();
        }
        boolean opened = coded.opens(call, memory, at, length, now);
        passes(coded.refused(), call);
        if (coded.isForControl()) {
            puntOwn(call, memory, at, length);
        }
        return opened;
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
            punting.frame(call.entry.path(), call.key, memory, at, length);
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
        boolean own = call.ownsPrefix(source) || call.defaultRoute;
        if (Ipv6Header.isLocal(source) || !(own || isBehindIpv6(call, source, memory, at))) {
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
        int source = Ipv4Header.source(memory, at);
        if (!call.owns(source) && !call.defaultRoute && !isBehind(call, source)) {
            drop(DropReason.WRONG_INNER_SOURCE, call);
            return;
        }
        if (admits(call, memory, at, total, now)) {
            TcpMss.clamp(memory, at, total, call.largestMss);
            give(call, memory, at, total);
        }
    }

    /** Whether the subscriber may send from an address that is not his own (BCP 38): one that is behind him only. */
    private boolean isBehind(Slot call, int source) {
        RoutedNetworks networks = call.networks;
        return networks != null
                && table.isBehind(networks, source)
                && (relay == null || !relay.isAnothers(networks, source));
    }

    private boolean isBehindIpv6(Slot call, long high, MemorySegment memory, long at) {
        RoutedNetworks networks = call.networks;
        return networks != null
                && table.isBehindIpv6(call, networks, high, Ipv6Header.sourceLow(memory, at))
                && (relay == null || !relay.isAnothersIpv6(networks, high));
    }

    private boolean admits(Slot call, MemorySegment memory, long at, int total, long now) {
        return passes(call.refusesUp(memory, at, total, now), call);
    }

    /** Counts the drop, if there is a reason for one; false then. */
    boolean passes(@Nullable DropReason refused, Slot call) {
        if (refused != null) {
            drop(refused, call);
        }
        return refused == null;
    }

    /** To the network. */
    private void give(Slot call, MemorySegment memory, long at, int total) {
        if (!passes(network.take(memory, at, total, call.key), call)) {
            return;
        }
        if (relay == null || !relay.arriving()) {
            call.traffic.countUp(total);
        } else {
            call.traffic.countRelayedUp(total);
        }
    }

    private void drop(DropReason reason, Slot call) {
        call.traffic.countDrop();
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + call.entry.path().remote() + " for session " + call.entry.key());
        }
    }
}
