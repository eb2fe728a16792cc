package io.warren.dataplane;

import io.warren.wire.mppe.MppeReceiver;
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

    /** Null before the first compressed packet. */
    private @Nullable InflatedFrames inflated;

    SubscriberFrames(
            ForwardingTable table, IpSink network, Punting punting, Drops drops, @Nullable RelayOutbox relay) {
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
        forgetInflated();
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
        forgetInflated();
    }

    private void forgetInflated() {
        if (inflated != null) {
            inflated.clear();
        }
    }

    /** A frame of this call, in its turn. */
    void take(Slot call, MemorySegment memory, long at, int length, long now) {
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

    void drop(DropReason reason, Slot call) {
        call.traffic.countDrop();
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + call.entry.path().remote() + " for session " + call.entry.key());
        }
    }
}
