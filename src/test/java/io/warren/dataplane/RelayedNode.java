package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.endpoint;

import io.warren.config.Ipv6;
import io.warren.config.Ipv6Range;
import io.warren.config.PrefixPlan;
import io.warren.config.Secret;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Placement;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node's packet path, whose threads are the test: nothing moves but what {@link #up}, {@link #down} and {@link #pump} move. */
final class RelayedNode implements AutoCloseable {
    static final int LARGEST_DATAGRAM = 65_535;
    private static final int WAIT_MILLIS = 20;

    /** A test may be slow: nothing that is late is given up. */
    private static final DataPlaneSettings.Forwarding PATIENT = new DataPlaneSettings.Forwarding(
            1, OuterDscp.NONE, OuterDontFragment.CLEAR, false, true, 16, Duration.ofMinutes(1));

    static final Ipv6 GATEWAY6 = Ipv6.parse("2001:db8:9fff::1");

    final Drops drops = new Drops(() -> 0);

    /** IP packets that went to the network here. */
    final List<byte[]> network = new ArrayList<>();

    final PuntQueues punts = new PuntQueues(64, 64);
    final UdpSocket facing;
    final UdpSocket socket;
    final Sockets sockets;
    final ForwardingTable table;
    static final PrefixPlan PREFIXES = new PrefixPlan(
            List.of(new PrefixPlan.Range(PrefixPlan.Kind.FRAMED, "default", Ipv6Range.parse("2001:db8::/48"), 64)));

    final RelayPlane plane;
    final Uplink uplink;
    final Downlink downlink;
    final RelayUplink relayed;
    final PacketBuffers received = new PacketBuffers(64, 0, LARGEST_DATAGRAM);
    final PacketBuffers arrived = new PacketBuffers(64, 0, LARGEST_DATAGRAM);
    private final BuildSpace toSend = new BuildSpace(1 << 19);
    private boolean keepsPackets = true;

    /** @param port at {@code host} that peers speak to; 0: any */
    RelayedNode(String host, int port, String secret) throws IOException {
        this(host, host, port, secret);
    }

    /**
     * @param relay address of the relay
     * @param host address that peers speak to
     * @param port at {@code host}; 0: any
     */
    RelayedNode(String relay, String host, int port, String secret) throws IOException {
        facing = UdpSocket.bind(new InetSocketAddress(host, port), 1 << 22, 1 << 22);
        socket = UdpSocket.bind(new InetSocketAddress(relay, 0), new UdpSocket.Options(1 << 23, 1 << 22, false, true));
        sockets = new Sockets(List.of(facing), 1, drops, PacketListener.NONE);
        table = new ForwardingTable(sockets::indexOf, 1_500, PATIENT, System::nanoTime, GATEWAY, GATEWAY6);
        plane = new RelayPlane(new Secret(secret), socket, table, PREFIXES, drops);
        IpSink sink = new IpSink() {
            @Override
            public @Nullable DropReason take(MemorySegment memory, long at, int length, int session) {
                if (keepsPackets) {
                    network.add(Octets.copy(memory, at, length));
                }
                return null;
            }

            @Override
            public void flush() {}

            @Override
            public void discard() {}
        };
        RelayOutbox direct = new RelayOutbox(plane, socket, sockets, drops, true, false);
        RelayOutbox relaying = new RelayOutbox(plane, socket, sockets, drops, true, true);
        WorkMeter meter = new WorkMeter("test", 0);
        PacketListener tap = PacketListener.NONE;
        uplink = new Uplink(facing, table, sink, punts, drops, tap, received, meter, direct);
        Outbox outbox = new Outbox(sockets, 0, drops, true);
        downlink =
                new Downlink(table, new Outbox(sockets, 0, drops, true), drops, PATIENT, GATEWAY, null, null, direct);
        Downlink arrivedDownlink = new Downlink(table, outbox, drops, PATIENT, GATEWAY, null, null, relaying);
        relayed = new RelayUplink(
                socket,
                table,
                sink,
                punts,
                drops,
                tap,
                arrived,
                meter,
                plane,
                relaying,
                arrivedDownlink,
                outbox,
                sockets);
    }

    /** From now on packets to the network are not kept. */
    void keepNothing() {
        keepsPackets = false;
    }

    Endpoint relay() {
        return Endpoint.of(socket.localAddress());
    }

    Endpoint local() {
        return Endpoint.of(facing.localAddress());
    }

    /** Makes these the cluster, all of whom have just been heard of. */
    static void place(
            List<RelayedNode> nodes,
            Map<Integer, Placement.Shard> shards,
            Map<Integer, Integer> addresses,
            Map<Endpoint, Endpoint> ingresses) {
        List<Endpoint> relays = nodes.stream().map(RelayedNode::relay).toList();
        for (RelayedNode node : nodes) {
            List<Endpoint> others =
                    relays.stream().filter(relay -> !relay.equals(node.relay())).toList();
            node.plane.place(new Placement(node.relay(), others, shards, 64, Map.of(), addresses, ingresses));
        }
        nodes.forEach(RelayedNode::hearAll);
    }

    void hearAll() {
        plane.places().others().forEach(node -> node.alive(System.nanoTime()));
    }

    void hear(RelayedNode other) {
        plane.places().others().stream()
                .filter(node -> node.endpoint.equals(other.relay()))
                .forEach(node -> node.alive(System.nanoTime()));
    }

    /** The other one says nothing more, and was not heard of here for half a second. */
    void miss(RelayedNode other) throws IOException {
        other.plane.place(Placement.ALONE);
        pump();
        plane.places().others().stream()
                .filter(node -> node.endpoint.equals(other.relay()))
                .forEach(node -> node.alive(System.nanoTime() - 500_000_000));
    }

    /** A datagram of a peer arrives. */
    void up(Endpoint peer, byte[] datagram) {
        upLater(0, peer, datagram);
        uplink.handle(1, System.nanoTime());
    }

    void upLater(int slot, Endpoint peer, byte[] datagram) {
        long at = received.origin(slot);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, received.memory(), at, datagram.length);
        received.setPacket(slot, at, datagram.length);
        byte[] address = peer.address().toByteArray();
        received.setRemote(slot, AddressBits.high(address), AddressBits.low(address), peer.port());
        received.clearLocal(slot);
    }

    /** Packets for subscribers arrive, in one batch. */
    void down(byte[]... packets) {
        for (byte[] packet : packets) {
            long at = toSend.take(packet.length);
            MemorySegment.copy(MemorySegment.ofArray(packet), 0, toSend.memory(), at, packet.length);
            downlink.send(toSend.memory(), at, packet.length, System.nanoTime());
        }
        downlink.flush();
        toSend.clear();
    }

    /** Handles octets as if this relay had sent them to ours. */
    void relayed(Endpoint from, byte[] datagram) {
        long at = arrived.origin(0);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, arrived.memory(), at, datagram.length);
        arrived.setPacket(0, at, datagram.length);
        byte[] address = from.address().toByteArray();
        arrived.setRemote(0, AddressBits.high(address), AddressBits.low(address), from.port());
        arrived.clearLocal(0);
        relayed.handle(1, System.nanoTime());
    }

    /** Handles what other nodes have relayed to us; returns the number of receptions, each of one or more datagrams. */
    int pump() throws IOException {
        int receptions = 0;
        while (socket.awaitReadable(WAIT_MILLIS)) {
            int count = socket.receive(arrived);
            receptions += count;
            relayed.handle(count, System.nanoTime());
        }
        return receptions;
    }

    static Endpoint peerAt(int port) {
        return endpoint("127.0.0.1", port);
    }

    @Override
    public void close() {
        plane.close();
        facing.close();
        socket.close();
    }
}
