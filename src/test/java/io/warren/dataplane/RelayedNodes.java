package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;

import io.warren.control.port.Endpoint;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import io.warren.control.port.TrafficLimits;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Three nodes on loopback, of which one owns a call and one stands by for it, and the call's peer. */
abstract class RelayedNodes {
    static final int SUBSCRIBER = address("10.64.0.9");
    static final int SERVER = address("192.0.2.1");
    static final int SHARD = 3;
    static final SessionKey KEY = new SessionKey(SHARD << 8 | 1, 9);
    static final byte[] PACKET = Samples.udpPacket(SUBSCRIBER, SERVER, 100);
    static final byte[] ANSWER = Samples.udpPacket(SERVER, SUBSCRIBER, 64);
    static final byte[] ANSWER_AT_PEER = concat(hex("0002 1234 5678 ff03 0021"), ANSWER);

    RelayedNode owner;
    RelayedNode standby;
    RelayedNode third;
    DatagramSocket peerSocket;
    Endpoint peer;

    /** Whether the peer speaks IPv6; the nodes speak IPv4 to each other in either case. */
    boolean ipv6() {
        return false;
    }

    @BeforeEach
    void open() throws IOException {
        owner = node(1, 0);
        // Of IPv6 loopback has one address only.
        int port = ipv6() ? 0 : owner.local().port();
        standby = node(2, port);
        third = node(3, port);
        peerSocket = new DatagramSocket(0, InetAddress.getByName(ipv6() ? "::1" : "127.0.0.1"));
        peerSocket.setSoTimeout(2_000);
        peer = Samples.endpoint(ipv6() ? "::1" : "127.0.0.1", peerSocket.getLocalPort());
        place(Map.of());
    }

    private RelayedNode node(int number, int port) throws IOException {
        String relay = "127.0.1." + number;
        return new RelayedNode(relay, ipv6() ? "::1" : relay, port, "a secret");
    }

    @AfterEach
    void close() {
        peerSocket.close();
        List.of(owner, standby, third).forEach(RelayedNode::close);
    }

    void place(Map<Endpoint, Endpoint> ingresses) {
        Placement.Shard shard = new Placement.Shard(owner.relay(), standby.relay());
        RelayedNode.place(List.of(owner, standby, third), Map.of(SHARD, shard), Map.of(SUBSCRIBER, SHARD), ingresses);
    }

    void placeViaIngress() {
        place(Map.of(owner.local(), owner.relay(), standby.local(), standby.relay(), third.local(), third.relay()));
    }

    ForwardingEntry entry(boolean sequence, TrafficLimits limits) {
        PeerPath path = new PeerPath(owner.local(), peer);
        return new ForwardingEntry(KEY, path, 0x1234, 0x5678, SUBSCRIBER, 1_400, false, false, sequence, false, limits);
    }

    void install() {
        install(entry(false, TrafficLimits.NONE));
    }

    void install(ForwardingEntry entry) {
        owner.table.install(entry);
        standby.plane.standBy(List.of(entry));
    }

    static byte[] data(byte[] packet) {
        return Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, concat(hex("ff030021"), packet));
    }

    static byte[] numbered(int ns) {
        byte[] datagram = Samples.data(
                0x0800,
                KEY.tunnelId(),
                KEY.sessionId(),
                0,
                concat(hex("ff030021"), Samples.udpPacket(SUBSCRIBER, SERVER, 100 + ns)));
        datagram[6] = (byte) (ns >>> 8);
        datagram[7] = (byte) ns;
        return datagram;
    }

    byte[] atPeer() throws IOException {
        return Arrays.copyOf(receive().getData(), lastLength);
    }

    int lastLength;

    DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        peerSocket.receive(packet);
        lastLength = packet.getLength();
        return packet;
    }

    static List<Ingress.FrameArrived> frames(RelayedNode node) {
        List<Ingress.FrameArrived> frames = new ArrayList<>();
        node.punts.drainFrames(frames);
        return frames;
    }

    static List<PuntQueues.ControlDatagram> control(RelayedNode node) {
        List<PuntQueues.ControlDatagram> datagrams = new ArrayList<>();
        node.punts.drainControl(datagrams);
        return datagrams;
    }

    static RelayFigures figures(RelayedNode node, RelayedNode other) {
        return node.plane.figures().stream()
                .filter(figures -> figures.node().equals(other.relay()))
                .findFirst()
                .orElseThrow();
    }

    // Up

}
