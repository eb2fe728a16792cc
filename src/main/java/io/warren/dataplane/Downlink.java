package io.warren.dataplane;

import io.warren.config.Ipv6;
import io.warren.wire.mppe.MppeSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The way down: finds the call of an IP packet, makes it fit, puts the headers before it and gives it to the {@link
 * Outbox}; what another node of the cluster is to have is relayed. Belongs to one thread.
 */
final class Downlink {
    private static final int SPACE = 1 << 19;
    private static final int LARGEST_PACKET = 1 << 16;

    private final ForwardingTable table;
    private final Outbox outbox;
    private final Drops drops;
    private final DataPlaneSettings.Forwarding forwarding;
    private final int gateway;

    /** Our IPv6 address; null without IPv6. */
    private final @Nullable Ipv6 gateway6;

    private final @Nullable IpSink complaints;
    private final MemorySegment complaint = Arena.ofAuto().allocate(Icmpv6Messages.LARGEST_COMPLAINT);
    private final Segmentation segments = new Segmentation();

    /** Null: a node by itself. */
    private final @Nullable RelayOutbox relay;

    /** Relays that the packet being handled has left. */
    private int hops;

    private final BuildSpace space = new BuildSpace(SPACE);
    private final MemorySegment whole = Arena.ofAuto().allocate(LARGEST_PACKET);

    /**
     * @param gateway our address, as the source of ICMP messages
     * @param complaints where ICMP messages about packets that do not fit go, if anywhere
     */
    Downlink(
            ForwardingTable table,
            Outbox outbox,
            Drops drops,
            DataPlaneSettings.Forwarding forwarding,
            int gateway,
            @Nullable IpSink complaints) {
        this(table, outbox, drops, forwarding, gateway, null, complaints, null);
    }

    /**
     * @param gateway6 our IPv6 address, as the source of ICMPv6 messages; null without IPv6
     * @param relay takes what other nodes of the cluster are to have
     */
    Downlink(
            ForwardingTable table,
            Outbox outbox,
            Drops drops,
            DataPlaneSettings.Forwarding forwarding,
            int gateway,
            @Nullable Ipv6 gateway6,
            @Nullable IpSink complaints,
            @Nullable RelayOutbox relay) {
        this.relay = relay;
        this.forwarding = forwarding;
        this.table = table;
        this.outbox = outbox;
        this.drops = drops;
        this.gateway = gateway;
        this.gateway6 = gateway6;
        this.complaints = complaints;
    }

    /**
     * Takes the packet of {@code length} octets at {@code at}, which stays there until {@link #flush}; the {@link
     * Encapsulate#HEADROOM} octets before it are ours.
     */
    void send(MemorySegment memory, long at, int length, long now) {
        int total = Ipv4Header.soundLength(memory, at, length);
        if (total < 0) {
            sendIpv6(memory, at, length, now);
            return;
        }
        Slot call = table.down(Ipv4Header.destination(memory, at));
        if (relay != null && isElsewhere(relay, call, memory, at, now)) {
            relay.down(memory, at, total, hops);
            return;
        }
        call = usable(call, memory, at);
        if (call != null && admits(call, total, memory, at, now)) {
            TcpMss.clamp(memory, at, total, call.largestMss);
            fit(call, memory, at, total, now);
        }
    }

    private void sendIpv6(MemorySegment memory, long at, int length, long now) {
        int total = Ipv6Header.soundLength(memory, at, length);
        if (total < 0) {
            drops.count(DropReason.NOT_IP, () -> "of " + length + " octets");
            return;
        }
        if (staysOnLink(memory, at)) {
            dropAt(DropReason.LINK_LOCAL, memory, at);
            return;
        }
        Slot call = table.downIpv6(Ipv6Header.destinationHigh(memory, at));
        if (relay != null && isElsewhere(relay, call, memory, at, now)) {
            relay.down(memory, at, total, hops);
            return;
        }
        call = usable(call, memory, at);
        if (call != null && admits(call, total, memory, at, now)) {
            TcpMss.clampIpv6(memory, at, total, call.largestMss6);
            fitIpv6(call, memory, at, total, now);
        }
    }

    private @Nullable Slot find(MemorySegment memory, long at) {
        return IpHeader.isIpv6(memory, at)
                ? table.downIpv6(Ipv6Header.destinationHigh(memory, at))
                : table.down(Ipv4Header.destination(memory, at));
    }

    /** What the kernel has to say to its own neighbours is for nobody here. */
    private static boolean staysOnLink(MemorySegment memory, long at) {
        return IpHeader.isIpv6(memory, at) && Ipv6Header.isLocal(Ipv6Header.destinationHigh(memory, at));
    }

    /** Takes a packet that another node has relayed to us, see {@link #send}; {@code relays} are those that it has left. */
    void relayed(MemorySegment memory, long at, int length, int relays, long now) {
        hops = relays;
        send(memory, at, length, now);
        hops = 0;
    }

    private boolean isElsewhere(RelayOutbox out, @Nullable Slot call, MemorySegment memory, long at, long now) {
        // Where it is behind a call that is here, another node may have a call with that very address.
        if (call != null && !call.standby && (call.networks == null || hops > 0)) {
            return false;
        }
        return IpHeader.isIpv6(memory, at)
                ? out.isDownElsewhereIpv6(call, Ipv6Header.destinationHigh(memory, at), hops, now)
                : out.isDownElsewhere(call, Ipv4Header.destination(memory, at), hops, now);
    }

    /**
     * Takes what was read from a device with offloads: a {@link VirtioHeader} at {@code at}, and behind it one packet or
     * what many are to be made of. It stays there until {@link #flush}; what lies before the packet, as far as {@link
     * Encapsulate#HEADROOM} reaches, is ours.
     *
     * @param length of both, in octets
     * @return how many packets there were
     */
    int sendOffloaded(MemorySegment memory, long at, int length, long now) {
        if (!segments.open(memory, at, length)) {
            drops.count(DropReason.TUN_BAD_OFFLOAD, () -> "of " + length + " octets");
            return 1;
        }
        long packet = segments.packet();
        int octets = length - VirtioHeader.LENGTH;
        if (segments.segments() == 1) {
            segments.completeInPlace();
            send(memory, packet, octets, now);
            return 1;
        }
        sendSegments(memory, packet, octets, now);
        return segments.segments();
    }

    private void sendSegments(MemorySegment memory, long at, int length, long now) {
        if (IpHeader.soundLength(memory, at, length) < 0 || staysOnLink(memory, at)) {
            drops.count(DropReason.NOT_IP, () -> "of " + length + " octets");
            return;
        }
        Slot call = find(memory, at);
        int count = segments.segments();
        if (relay != null && isElsewhere(relay, call, memory, at, now)) {
            for (int index = 0; index < count; index++) {
                long to = room(segments.segmentLength(index));
                relay.down(space.memory(), to, segments.write(index, space.memory(), to), hops);
            }
            return;
        }
        call = usable(call, memory, at);
        if (call == null) {
            return;
        }
        for (int index = 0; index < count; index++) {
            long to = room(segments.segmentLength(index));
            int total = segments.write(index, space.memory(), to);
            if (admits(call, total, space.memory(), to, now)) {
                fitEither(call, space.memory(), to, total, now);
            }
        }
    }

    private boolean admits(Slot call, int octets, MemorySegment memory, long at, long now) {
        DropReason refused = call.refusesDown(memory, at, octets, now);
        if (refused != null) {
            call.traffic.countDrop();
            dropAt(refused, memory, at);
        }
        return refused == null;
    }

    /** Sends what has been taken. */
    void flush() {
        outbox.flush();
        if (relay != null) {
            relay.flush();
        }
        space.clear();
    }

    /** Forgets what has been taken, whatever became of it: for after a failure. */
    void discard() {
        outbox.discard();
        if (relay != null) {
            relay.discard();
        }
        hops = 0;
        space.clear();
        if (complaints != null) {
            complaints.discard();
        }
    }

    /** Null when it cannot be sent, which is counted. */
    private @Nullable Slot usable(@Nullable Slot call, MemorySegment memory, long at) {
        if (call == null) {
            dropAt(DropReason.NO_SUBSCRIBER, memory, at);
        } else if (call.socket < 0 && (relay == null || !relay.reaches(call))) {
            call.traffic.countDrop();
            dropAt(DropReason.NO_SOCKET, memory, at);
            return null;
        }
        return call;
    }

    private void fitEither(Slot call, MemorySegment memory, long at, int total, long now) {
        if (IpHeader.isIpv6(memory, at)) {
            fitIpv6(call, memory, at, total, now);
        } else {
            fit(call, memory, at, total, now);
        }
    }

    private void fit(Slot call, MemorySegment memory, long at, int total, long now) {
        int largest = Math.min(call.peerMru, call.traffic.largestPacket(now));
        if (total <= largest) {
            enqueue(call, memory, at, total);
        } else if (Ipv4Header.dontFragment(memory, at)) {
            call.traffic.countDrop();
            complain(memory, at, total, largest);
            dropAt(DropReason.TOO_BIG, memory, at);
        } else {
            sendFragments(call, memory, at, total, largest);
        }
    }

    /** No router fragments IPv6 (RFC 8200 §4.5); what is no larger than the least MTU must get through. */
    private void fitIpv6(Slot call, MemorySegment memory, long at, int total, long now) {
        int largest = Math.min(call.peerMru, Math.max(Ipv6Header.LEAST_MTU, call.traffic.largestPacket(now)));
        if (total <= largest) {
            enqueueIpv6(call, memory, at, total);
            return;
        }
        call.traffic.countDrop();
        if (complaints != null && gateway6 != null) {
            int length = Icmpv6Messages.packetTooBig(
                    memory, at, total, complaint, 0, gateway6.high(), gateway6.low(), largest);
            if (length > 0) {
                complaints.take(complaint, 0, length, 0);
                complaints.flush();
            }
        }
        dropAt(DropReason.TOO_BIG, memory, at);
    }

    private void enqueue(Slot call, MemorySegment memory, long at, int length) {
        if (!call.plain) {
            enqueueCoded(call, Decapsulate.IPV4, memory, at, length);
            return;
        }
        Encapsulate header = call.header;
        int outer = outer(memory, at);
        long start = header.prepend(memory, at, length, header.sequenced() ? call.traffic.takeNs() : 0);
        if (!leaves(call, memory, start, length + header.length(), outer)) {
            return;
        }
        if (!call.hasManyAddresses() && (relay == null || !relay.arriving())) {
            call.traffic.countDown(length);
        } else {
            call.traffic.countRelayedDown(length);
        }
    }

    private void enqueueIpv6(Slot call, MemorySegment memory, long at, int length) {
        if (!call.plain) {
            enqueueCoded(call, Decapsulate.IPV6, memory, at, length);
            return;
        }
        Encapsulate header = call.header;
        int outer = outer(memory, at);
        long start = header.prependToIpv6(memory, at, length, header.sequenced() ? call.traffic.takeNs() : 0);
        if (leaves(call, memory, start, length + header.length(), outer)) {
            // Packets for one call may be read by several threads: it has many addresses.
            call.traffic.countRelayedDown(length);
        }
    }

    private void enqueueCoded(Slot call, int protocol, MemorySegment memory, long at, int length) {
        if (call.mppe != null) {
            enqueueEncrypted(call, call.mppe, protocol, memory, at, length);
        } else if (call.deflate != null) {
            enqueueCompressed(call, call.deflate, protocol, memory, at, length);
        }
    }

    private void enqueueCompressed(
            Slot call, DeflatePath deflate, int protocol, MemorySegment memory, long at, int length) {
        int outer = outer(memory, at);
        int compressed = deflate.compress(protocol, memory, at, length);
        Encapsulate header = call.header;
        int ns = header.sequenced() ? call.traffic.takeNs() : 0;
        int octets = compressed > 0 ? compressed : length;
        long start;
        if (compressed > 0) {
            start = header.prependToEncrypted(memory, at, octets, ns);
        } else if (protocol == Decapsulate.IPV4) {
            start = header.prepend(memory, at, octets, ns);
        } else {
            start = header.prependToIpv6(memory, at, octets, ns);
        }
        if (leaves(call, memory, start, octets + header.length(), outer)) {
            call.traffic.countRelayedDown(length);
        }
    }

    private void enqueueEncrypted(Slot call, MppePath mppe, int protocol, MemorySegment memory, long at, int length) {
        int outer = outer(memory, at);
        DropReason refused = mppe.seal(protocol, memory, at, length);
        if (refused != null) {
            call.traffic.countDrop();
            dropAt(refused, memory, at);
            return;
        }
        Encapsulate header = call.header;
        int sealed = length + MppeSender.GROWTH;
        int ns = header.sequenced() ? call.traffic.takeNs() : 0;
        long start = header.prependToEncrypted(memory, at - MppeSender.GROWTH, sealed, ns);
        if (leaves(call, memory, start, sealed + header.length(), outer)) {
            call.traffic.countRelayedDown(length);
        }
    }

    private int outer(MemorySegment memory, long at) {
        return Outbox.outer(
                forwarding.dscp().trafficClass(memory, at),
                forwarding.dontFragment().isSet(memory, at));
    }

    private boolean leaves(Slot call, MemorySegment memory, long start, int whole, int outer) {
        if (relay == null || !relay.sendsBack(call, outbox, memory, start, whole, outer)) {
            if (call.socket < 0) {
                // The placement has changed since the packet was looked at.
                call.traffic.countDrop();
                dropAt(DropReason.NO_SOCKET, memory, start + call.header.length());
                return false;
            }
            outbox.add(call, memory, start, whole, outer);
        }
        return true;
    }

    private void sendFragments(Slot call, MemorySegment memory, long at, int total, int largest) {
        int data = Ipv4Fragments.dataPerFragment(memory, at, largest);
        if (data == 0) {
            call.traffic.countDrop();
            dropAt(DropReason.TOO_BIG, memory, at);
            return;
        }
        // The space may be emptied while the fragments are built in it.
        MemorySegment.copy(memory, at, whole, 0, total);
        int end = total - Ipv4Header.headerLength(whole, 0);
        for (int skip = 0; skip < end; skip += data) {
            long to = room(largest);
            enqueue(call, space.memory(), to, Ipv4Fragments.write(whole, 0, total, skip, data, space.memory(), to));
        }
    }

    /** What was taken before may have to leave first. */
    private long room(int length) {
        if (!space.hasRoom(length)) {
            flush();
        }
        return space.take(length);
    }

    private void complain(MemorySegment memory, long at, int total, int mtu) {
        if (complaints != null) {
            int length = IcmpMessages.fragmentationNeeded(memory, at, total, complaint, 0, gateway, mtu);
            if (length > 0) {
                complaints.take(complaint, 0, length, 0);
                complaints.flush();
            }
        }
    }

    private void dropAt(DropReason reason, MemorySegment memory, long at) {
        if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + IpHeader.source(memory, at) + " to " + IpHeader.destination(memory, at));
        }
    }
}
