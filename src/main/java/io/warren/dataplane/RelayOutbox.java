package io.warren.dataplane;

import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Says of each packet whether another node is to have it, and sends it there. One for each packet thread; what it takes
 * is copied behind a {@link RelayHeader}.
 */
final class RelayOutbox {
    private static final int SPACE = 1 << 19;

    /** Largest packet behind a header in one UDP datagram. */
    private static final int LARGEST = 65_507 - RelayHeader.IPV6_LENGTH;

    private final RelayPlane relay;
    private final Sockets sockets;
    private final Drops drops;
    private final boolean arriving;
    private final SendRuns runs;
    private final BuildSpace space = new BuildSpace(SPACE);

    /** The way of a packet that another node is to send. */
    private final OuterPath back = new OuterPath();

    /** Where the packet that was asked for last goes; null: nowhere, for {@link #reason}. */
    private @Nullable RelayNode target;

    private DropReason reason = DropReason.NO_OWNER;

    /**
     * @param socket that relayed packets leave by
     * @param sockets that face the peers
     * @param arriving whether it belongs to a thread that reads a relay
     */
    RelayOutbox(RelayPlane relay, UdpSocket socket, Sockets sockets, Drops drops, boolean segment, boolean arriving) {
        this.relay = relay;
        this.sockets = sockets;
        this.drops = drops;
        this.arriving = arriving;
        this.runs = new SendRuns(_ -> socket, drops, segment, false);
    }

    /** Whether what its thread handles was relayed to us: another thread may have packets of the same call. */
    boolean arriving() {
        return arriving;
    }

    /** Whether peers may come to speak through another address of ours. */
    boolean viaIngress() {
        return relay.places().viaIngress();
    }

    /**
     * Takes what a peer has sent if another node is to have it.
     *
     * @param call the entry that we stand by with; null: there is none
     * @param hops relays that it has left already
     * @return whether it is done with: relayed, or dropped since nobody is there
     */
    boolean takesUp(
            @Nullable Slot call,
            int shard,
            OuterPath path,
            int hops,
            MemorySegment memory,
            long at,
            int length,
            long now) {
        if (!isElsewhere(call, shard, hops, now)) {
            return false;
        }
        RelayNode node = target;
        if (node != null) {
            add(node, RelayHeader.kind(RelayHeader.UP, path.isIpv6()), hops + 1, path, 0, memory, at, length);
        } else if (drops.countIsDue(reason)) {
            drops.log(reason, "from " + path.peer() + " for shard " + shard);
        }
        return true;
    }

    /**
     * Whether a packet to this address is for another node, or for nobody; {@link #down} then takes it.
     *
     * @param call the entry that we stand by with, or one behind which the address may be; null: there is none
     */
    boolean isDownElsewhere(@Nullable Slot call, int address, int hops, long now) {
        if (call != null && call.address == address) {
            return isElsewhere(call, call.key >>> 24, hops, now);
        }
        Places places = relay.places();
        int shard = places.shardOf(address);
        if (places.isForUs(shard, now)) {
            int here = call == null || call.networks == null ? PrefixTable.NONE : call.networks.longest(address);
            shard = routed(call, here, places.longestRoute(address), places.shardOfRoute(address), now);
        }
        return isRoutedElsewhere(call, shard, hops, now);
    }

    /** The same by the first 64 bits of an IPv6 address. */
    boolean isDownElsewhereIpv6(@Nullable Slot call, long high, int hops, long now) {
        if (call != null && call.ownsPrefix(high)) {
            return isElsewhere(call, call.key >>> 24, hops, now);
        }
        Places places = relay.places();
        int shard = places.shardOfIpv6(high);
        if (places.isForUs(shard, now)) {
            int here = call == null || call.networks == null ? PrefixTable.NONE : call.networks.longestIpv6(high);
            shard = routed(call, here, places.longestIpv6Route(high), places.shardOfIpv6Route(high), now);
        }
        return isRoutedElsewhere(call, shard, hops, now);
    }

    /** The shard with the longest route: of equal ones that which is announced, unless nobody is there. */
    private int routed(@Nullable Slot call, int here, int announced, int shard, long now) {
        boolean none = shard == LongTable.ABSENT || relay.places().reachable(shard, now) == null;
        return call != null && (here > announced || (here == announced && none)) ? call.key >>> 24 : shard;
    }

    /** What stands by for another shard is not for the packets of this one, whoever is silent. */
    private boolean isRoutedElsewhere(@Nullable Slot call, int shard, int hops, long now) {
        Slot holder = call != null && call.key >>> 24 == shard ? call : null;
        return shard != LongTable.ABSENT && isElsewhere(holder, shard, hops, now);
    }

    /**
     * Whether a source in the networks behind a call here is another's: in a smaller network behind a call elsewhere, or
     * in what the pools have given to another node, of which nothing here tells whether a call has it. A network inside
     * another node's blocks thus gets packets but may not send.
     */
    boolean isAnothers(RoutedNetworks networks, int source) {
        Places places = relay.places();
        return !places.isOursOrNobodys(places.shardOf(source))
                || places.longestRoute(source) > networks.longest(source);
    }

    /** The same by the first 64 bits of an IPv6 address. */
    boolean isAnothersIpv6(RoutedNetworks networks, long high) {
        Places places = relay.places();
        return !places.isOursOrNobodys(places.shardOfIpv6(high))
                || places.longestIpv6Route(high) > networks.longestIpv6(high);
    }

    /** Takes the IP packet, after {@link #isDownElsewhere} has said so. */
    void down(MemorySegment memory, long at, int length, int hops) {
        RelayNode node = target;
        if (node != null) {
            add(node, RelayHeader.DOWN, hops + 1, null, 0, memory, at, length);
        } else if (drops.countIsDue(reason)) {
            drops.log(reason, "to " + IpHeader.destination(memory, at));
        }
    }

    private boolean isElsewhere(@Nullable Slot call, int shard, int hops, long now) {
        Places places = relay.places();
        RelayNode owner = places.owner(shard);
        if (!places.clustered() || (owner != null && owner.self)) {
            return false;
        }
        if (call != null && (owner == null || owner.silent(now) || hops >= RelayHeader.MOST_HOPS)) {
            return false;
        }
        RelayNode next = places.reachable(shard, now);
        if (next == null || next.self) {
            target = null;
            reason = DropReason.NO_OWNER;
        } else if (hops >= RelayHeader.MOST_HOPS) {
            target = null;
            reason = DropReason.TOO_MANY_HOPS;
        } else {
            target = next;
        }
        return true;
    }

    /** Notes through which end of ours, see {@link Ends}, the call's peer spoke. */
    void learn(Slot call, long local) {
        if (call.reply != local) {
            call.reply = local;
            relay.ingresses().note(call.peerEnd, local);
        }
    }

    /** The same for a control packet. */
    void learn(long peer, long local) {
        relay.ingresses().note(peer, local);
    }

    /** Whether packets to the call's peer can leave though no socket of ours has the address that it began with. */
    boolean reaches(Slot call) {
        return relay.places().ingress(call.reply) != null || sockets.indexOf(call.reply) >= 0;
    }

    /**
     * Sends an L2TP packet to the call's peer where it would not get by the socket that the call began with.
     *
     * @param outbox takes it when another end of ours is the right one
     * @return false: it is to leave as ever
     */
    boolean sendsBack(Slot call, Outbox outbox, MemorySegment memory, long at, int length, int outer) {
        Places places = relay.places();
        if (!places.viaIngress()) {
            return false;
        }
        long local = call.reply;
        Places.Ingress ingress = places.ingress(local);
        if (ingress != null) {
            back.setPeer(call.remoteHigh, call.remoteLow, call.remotePort);
            ingress.putInto(back);
            int kind = RelayHeader.kind(RelayHeader.SEND, back.isIpv6());
            add(ingress.node(), kind, 1, back, outer, memory, at, length);
            return true;
        }
        if (local == call.localEnd) {
            return false;
        }
        int socket = sockets.indexOf(local);
        if (socket >= 0) {
            outbox.addFrom(local, socket, call, memory, at, length, outer);
        }
        return socket >= 0;
    }

    private void add(
            RelayNode node,
            int kind,
            int hops,
            @Nullable OuterPath path,
            int outer,
            MemorySegment memory,
            long at,
            int length) {
        if (length > LARGEST) {
            drops.count(DropReason.RELAY_SEND_FAILED, () -> length + " octets to " + node.endpoint);
            return;
        }
        int header = RelayHeader.length(kind);
        int whole = header + length;
        if (!space.hasRoom(whole)) {
            flush();
        }
        long to = space.take(whole);
        if (path == null) {
            RelayHeader.put(space.memory(), to, kind, hops, node.cookieOut);
        } else {
            RelayHeader.put(space.memory(), to, kind, hops, path, outer, node.cookieOut);
        }
        MemorySegment.copy(memory, at, space.memory(), to + header, length);
        node.countOut(kind);
        runs.add(
                node.remoteHigh,
                node.remoteLow,
                node.remotePort,
                0,
                0,
                0,
                node.hash,
                0,
                node,
                space.memory(),
                to,
                whole);
    }

    /** Sends what was taken. */
    void flush() {
        runs.flush();
        space.clear();
    }

    /** Forgets what was taken. */
    void discard() {
        runs.discard();
        space.clear();
    }
}
