package io.warren.dataplane;

import io.warren.config.PrefixPlan;
import io.warren.config.Secret;
import io.warren.control.port.CallMeters;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.sys.CurrentThread;
import io.warren.sys.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * What the packet threads know of the cluster, as the control plane tells it; and the signs of life, of which a thread
 * of its own sends one to each node ten times a second. Thread-safe.
 */
final class RelayPlane implements ClusterPlane, AutoCloseable {
    private static final long ALIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int CONTROL_HEADER = 12;

    private final Secret secret;
    private final UdpSocket socket;
    private final ForwardingTable table;
    private final PrefixPlan prefixes;
    private final Drops drops;
    private final LatestIngress ingresses = new LatestIngress();
    private final Thread beacon;

    /** Those that the placement names; guarded by this. */
    private Map<Endpoint, RelayNode> nodes = Map.of();

    private volatile Places places = Places.ALONE;
    private volatile boolean closed;

    /** @param socket of the relay; signs of life and single datagrams leave by it */
    RelayPlane(Secret secret, UdpSocket socket, ForwardingTable table, PrefixPlan prefixes, Drops drops) {
        this.prefixes = prefixes;
        this.secret = secret;
        this.socket = socket;
        this.table = table;
        this.drops = drops;
        this.beacon = Thread.ofPlatform().daemon().name("warren-relay-alive").start(this::sendSignsOfLife);
    }

    Places places() {
        return places;
    }

    LatestIngress ingresses() {
        return ingresses;
    }

    @Override
    public void place(Placement placement) {
        Endpoint self = placement.self();
        synchronized (this) {
            if (self == null) {
                nodes = Map.of();
                places = Places.ALONE;
                return;
            }
            long now = System.nanoTime();
            boolean grown = !nodes.keySet().containsAll(placement.others());
            Map<Endpoint, RelayNode> known = new HashMap<>();
            for (Endpoint endpoint : named(self, placement)) {
                RelayNode before = nodes.get(endpoint);
                known.put(endpoint, before != null ? before : node(self, endpoint, now));
            }
            nodes = known;
            places = new Places(placement, known, prefixes);
            if (grown) {
                LockSupport.unpark(beacon);
            }
        }
    }

    private static Set<Endpoint> named(Endpoint self, Placement placement) {
        Set<Endpoint> named = new LinkedHashSet<>(placement.others());
        named.add(self);
        for (Placement.Shard shard : placement.shards().values()) {
            if (shard.owner() != null) {
                named.add(shard.owner());
            }
            if (shard.standby() != null) {
                named.add(shard.standby());
            }
        }
        named.addAll(placement.ingresses().values());
        return named;
    }

    private RelayNode node(Endpoint self, Endpoint endpoint, long now) {
        return new RelayNode(
                endpoint,
                endpoint.equals(self),
                RelayCookie.of(secret, self, endpoint),
                RelayCookie.of(secret, endpoint, self),
                now);
    }

    @Override
    public void standBy(Collection<ForwardingEntry> entries) {
        table.standBy(entries);
    }

    @Override
    public void standDown(Collection<SessionKey> keys) {
        table.standDown(keys);
    }

    @Override
    public void demote(int shard) {
        table.demote(shard);
    }

    @Override
    public void forgetShard(int shard) {
        table.forgetShard(shard);
    }

    @Override
    public Collection<ForwardingEntry> installed(int shard) {
        return table.installed(shard);
    }

    @Override
    public void watch(EntryWatcher watcher) {
        table.watch(watcher);
    }

    @Override
    public void readMeters(IntPredicate shards, MeterReader reader) {
        table.readMeters(shards, reader);
    }

    @Override
    public void learnMeters(Collection<CallMeters> calls, boolean byOwner) {
        table.learnMeters(calls, byOwner);
    }

    @Override
    public void forgetMeters(Collection<SessionKey> keys) {
        table.forgetMeters(keys);
    }

    @Override
    public Set<Endpoint> heard() {
        long now = System.nanoTime();
        return places.others().stream()
                .filter(node -> !node.silent(now))
                .map(node -> node.endpoint)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean handOn(PeerPath path, byte[] datagram) {
        if (datagram.length < CONTROL_HEADER) {
            return false;
        }
        // RFC 2661 §3.1: flags and version, Length, Tunnel ID
        int tunnelId = Octets.u16(MemorySegment.ofArray(datagram), 4);
        RelayNode node = places.reachable(Placement.shardOf(tunnelId), System.nanoTime());
        return node != null && !node.self && send(node, RelayHeader.UP, OuterPath.of(path), datagram);
    }

    /** Sends by {@code direct}, or through the node that has the address that the peer spoke to last. */
    ControlTransport transport(Sockets direct) {
        return (path, datagram) -> {
            Places now = places;
            if (!now.viaIngress()) {
                direct.send(path, datagram);
                return;
            }
            OuterPath outer = OuterPath.of(path);
            long latest = ingresses.of(outer.peerEnd());
            long local = latest == Ends.NONE ? outer.localEnd() : latest;
            Places.Ingress ingress = now.ingress(local);
            if (ingress != null) {
                direct.tell(path, datagram);
                ingress.putInto(outer);
                send(ingress.node(), RelayHeader.SEND, outer, datagram);
            } else if (local != outer.localEnd() && direct.indexOf(local) >= 0) {
                direct.send(new PeerPath(direct.endpoint(local), path.remote()), datagram);
            } else {
                direct.send(path, datagram);
            }
        };
    }

    /** The packets that went from and to each other node. */
    List<RelayFigures> figures() {
        long now = System.nanoTime();
        return places.others().stream().map(node -> node.figures(now)).toList();
    }

    private boolean send(RelayNode node, int type, OuterPath path, byte[] packet) {
        int kind = RelayHeader.kind(type, path.isIpv6());
        int header = RelayHeader.length(kind);
        byte[] datagram = new byte[header + packet.length];
        RelayHeader.put(MemorySegment.ofArray(datagram), 0, kind, 1, path, 0, node.cookieOut);
        System.arraycopy(packet, 0, datagram, header, packet.length);
        return send(node, kind, datagram);
    }

    private boolean send(RelayNode node, int kind, byte[] datagram) {
        boolean sent = socket.sendNow(datagram, 0, 0, node.remoteHigh, node.remoteLow, node.remotePort);
        if (sent) {
            node.countOut(kind);
        } else {
            drops.count(DropReason.RELAY_SEND_FAILED, () -> "to " + node.endpoint);
        }
        return sent;
    }

    private void sendSignsOfLife() {
        CurrentThread.prefer();
        while (!closed) {
            toAll(RelayHeader.ALIVE);
            LockSupport.parkNanos(ALIVE_NANOS);
        }
        toAll(RelayHeader.BYE);
    }

    private void toAll(int kind) {
        for (RelayNode node : places.others()) {
            byte[] datagram = new byte[RelayHeader.LENGTH];
            RelayHeader.put(MemorySegment.ofArray(datagram), 0, kind, 1, node.cookieOut);
            send(node, kind, datagram);
        }
    }

    /** Says good-bye: from now on the others do without us. The socket must still be open. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(beacon);
        try {
            beacon.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
