package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;

import io.warren.config.Ipv6;
import io.warren.control.port.PeerPath;
import io.warren.sys.AddressBits;
import io.warren.sys.PacketBuffers;
import io.warren.sys.UdpSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of {@link Uplink} and {@link Downlink} have in common: both are fed by hand, packets to the network end in a
 * list, and packets to the peer in its socket.
 */
abstract class HandFedForwarding {
    private final DataPlaneSettings.Forwarding forwarding;
    private final LongSupplier clock;
    private final @Nullable Ipv6 gateway6;
    final List<byte[]> network = new ArrayList<>();
    final Drops drops = new Drops(() -> 0);
    final PuntQueues punts;
    private final PacketBuffers received = new PacketBuffers(4, Encapsulate.HEADROOM, 2_048);
    private final BuildSpace toSend = new BuildSpace(1 << 18);
    UdpSocket socket;
    DatagramSocket peer;
    ForwardingTable table;
    Uplink uplink;
    Downlink downlink;

    /** @param frames places for what goes to the control plane */
    HandFedForwarding(
            DataPlaneSettings.Forwarding forwarding, LongSupplier clock, int frames, @Nullable Ipv6 gateway6) {
        this.forwarding = forwarding;
        this.clock = clock;
        this.gateway6 = gateway6;
        this.punts = new PuntQueues(frames, frames);
    }

    /** What the peer and we speak between. */
    String loopback() {
        return "127.0.0.1";
    }

    @BeforeEach
    final void open() throws IOException {
        socket = UdpSocket.bind(new InetSocketAddress(loopback(), 0), 1 << 20, 1 << 20);
        peer = new DatagramSocket(0, InetAddress.getByName(loopback()));
        peer.setSoTimeout(2_000);
        Sockets sockets = new Sockets(List.of(socket), 1, drops, PacketListener.NONE);
        table = new ForwardingTable(sockets::indexOf, 1_500, forwarding, clock);
        IpSink sink = new CollectingSink(network);
        uplink = uplink(sink);
        downlink = new Downlink(
                table, new Outbox(sockets, 0, drops, true), drops, forwarding, GATEWAY, gateway6, sink, null);
    }

    @AfterEach
    final void close() {
        peer.close();
        socket.close();
    }

    /** To this network. */
    final Uplink uplink(IpSink sink) {
        return new Uplink(socket, table, sink, punts, drops, PacketListener.NONE, received, new WorkMeter("test", 0));
    }

    /** From our socket to the peer's. */
    final PeerPath path() {
        return Samples.path(loopback(), socket.localAddress().getPort(), loopback(), peer.getLocalPort());
    }

    /** A datagram of the peer's. */
    final void arrive(byte[] datagram, long now) {
        byte[] address = peer.getLocalAddress().getAddress();
        arriveFrom(AddressBits.high(address), AddressBits.low(address), datagram, now);
    }

    /** A datagram from the peer's port at another address. */
    final void arriveFrom(long high, long low, byte[] datagram, long now) {
        long at = received.origin(0);
        MemorySegment.copy(MemorySegment.ofArray(datagram), 0, received.memory(), at, datagram.length);
        received.setPacket(0, at, datagram.length);
        received.setRemote(0, high, low, peer.getLocalPort());
        uplink.handle(1, now);
    }

    /** A packet of the network's, which leaves at once. */
    final void down(byte[] packet) {
        hold(packet);
        downlink.flush();
        toSend.clear();
    }

    /** A packet of the network's, which may wait for {@link Downlink#flush}. */
    final void hold(byte[] packet) {
        if (!toSend.hasRoom(packet.length)) {
            downlink.flush();
            toSend.clear();
        }
        long at = toSend.take(packet.length);
        MemorySegment.copy(MemorySegment.ofArray(packet), 0, toSend.memory(), at, packet.length);
        downlink.send(toSend.memory(), at, packet.length, 0);
    }

    /** What the peer gets next. */
    final byte[] atPeer() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        peer.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }
}
