package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** Where packets go in a cluster of three, over real sockets: any node, any packet. */
class RelayTest {
    private static final int SUBSCRIBER = address("10.64.0.9");
    private static final int SERVER = address("192.0.2.1");
    private static final int SHARD = 3;
    private static final SessionKey KEY = new SessionKey(SHARD << 8 | 1, 9);
    private static final byte[] PACKET = Samples.udpPacket(SUBSCRIBER, SERVER, 100);
    private static final byte[] ANSWER = Samples.udpPacket(SERVER, SUBSCRIBER, 64);
    private static final byte[] ANSWER_AT_PEER = concat(hex("0002 1234 5678 ff03 0021"), ANSWER);

    private RelayedNode owner;
    private RelayedNode standby;
    private RelayedNode third;
    private DatagramSocket peerSocket;
    private Endpoint peer;

    @BeforeEach
    void open() throws IOException {
        owner = new RelayedNode("127.0.1.1", 0, "a secret");
        int port = owner.local().port();
        standby = new RelayedNode("127.0.1.2", port, "a secret");
        third = new RelayedNode("127.0.1.3", port, "a secret");
        peerSocket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peerSocket.setSoTimeout(2_000);
        peer = RelayedNode.peerAt(peerSocket.getLocalPort());
        place(Map.of());
    }

    @AfterEach
    void close() {
        peerSocket.close();
        List.of(owner, standby, third).forEach(RelayedNode::close);
    }

    private void place(Map<Endpoint, Endpoint> ingresses) {
        Placement.Shard shard = new Placement.Shard(owner.relay(), standby.relay());
        RelayedNode.place(List.of(owner, standby, third), Map.of(SHARD, shard), Map.of(SUBSCRIBER, SHARD), ingresses);
    }

    private void placeViaIngress() {
        place(Map.of(owner.local(), owner.relay(), standby.local(), standby.relay(), third.local(), third.relay()));
    }

    private ForwardingEntry entry(boolean sequence, TrafficLimits limits) {
        PeerPath path = new PeerPath(owner.local(), peer);
        return new ForwardingEntry(KEY, path, 0x1234, 0x5678, SUBSCRIBER, 1_400, false, false, sequence, false, limits);
    }

    private void install() {
        install(entry(false, TrafficLimits.NONE));
    }

    private void install(ForwardingEntry entry) {
        owner.table.install(entry);
        standby.plane.standBy(List.of(entry));
    }

    private static byte[] data(byte[] packet) {
        return Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, concat(hex("ff030021"), packet));
    }

    private static byte[] numbered(int ns) {
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

    private byte[] atPeer() throws IOException {
        return Arrays.copyOf(receive().getData(), lastLength);
    }

    private int lastLength;

    private DatagramPacket receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        peerSocket.receive(packet);
        lastLength = packet.getLength();
        return packet;
    }

    private static List<Ingress.FrameArrived> frames(RelayedNode node) {
        List<Ingress.FrameArrived> frames = new ArrayList<>();
        node.punts.drainFrames(frames);
        return frames;
    }

    private static List<PuntQueues.ControlDatagram> control(RelayedNode node) {
        List<PuntQueues.ControlDatagram> datagrams = new ArrayList<>();
        node.punts.drainControl(datagrams);
        return datagrams;
    }

    private static RelayFigures figures(RelayedNode node, RelayedNode other) {
        return node.plane.figures().stream()
                .filter(figures -> figures.node().equals(other.relay()))
                .findFirst()
                .orElseThrow();
    }

    // Up

    @Test
    void dataOfACallElsewhereGoesToItsOwnerUnchanged() throws IOException {
        install();
        third.up(peer, data(PACKET));
        owner.pump();
        assertThat(owner.network).hasSize(1);
        assertThat(owner.network.getFirst()).isEqualTo(PACKET);
        assertThat(third.network).isEmpty();
        assertThat(owner.table.counters(KEY).upOctets()).isEqualTo(PACKET.length);
        assertThat(figures(third, owner).out()).containsEntry("up", 1L);
        assertThat(figures(owner, third).in()).containsEntry("up", 1L);
    }

    @Test
    void theStandbyRelaysWhileTheOwnerIsHeardOf() throws IOException {
        install();
        standby.up(peer, data(PACKET));
        owner.pump();
        assertThat(standby.network).isEmpty();
        assertThat(owner.network).hasSize(1);
    }

    @Test
    void theStandbyForwardsWhenTheOwnerIsSilent() throws IOException {
        install();
        standby.miss(owner);
        standby.up(peer, data(PACKET));
        assertThat(standby.network).hasSize(1);
        third.miss(owner);
        third.hear(standby);
        third.up(peer, data(PACKET));
        standby.pump();
        assertThat(standby.network).hasSize(2);
        assertThat(owner.network).isEmpty();
    }

    @Test
    void whenOnlyTheSenderMissesTheOwnerTheStandbyPassesItOn() throws IOException {
        install();
        third.miss(owner);
        third.hear(standby);
        standby.hearAll();
        third.up(peer, data(PACKET));
        standby.pump();
        place(Map.of());
        owner.pump();
        assertThat(standby.network).isEmpty();
        assertThat(owner.network).hasSize(1);
    }

    @Test
    void aRelayedPacketOfAnotherSourceIsNotTheCalls() throws IOException {
        install();
        third.up(RelayedNode.peerAt(peer.port() ^ 1), data(PACKET));
        owner.pump();
        assertThat(owner.network).isEmpty();
        assertThat(owner.drops.count(DropReason.WRONG_PEER)).isOne();
    }

    @Test
    void limitsHoldForRelayedPackets() throws IOException {
        install(entry(false, new TrafficLimits(1_000, 9_000, 1_000, 9_000, 0)));
        byte[] large = Samples.udpPacket(SUBSCRIBER, SERVER, 1_300);
        byte[] largeAnswer = Samples.udpPacket(SERVER, SUBSCRIBER, 1_300);
        for (int round = 0; round < 10; round++) {
            third.up(peer, data(large));
            third.down(largeAnswer);
        }
        owner.pump();
        assertThat(owner.network).hasSize(6);
        assertThat(owner.drops.count(DropReason.POLICED_UP)).isEqualTo(4);
        assertThat(owner.drops.count(DropReason.POLICED_DOWN)).isEqualTo(4);
    }

    @Test
    void aPppFrameReachesTheOwnersControlPlaneWithThePathOfItsPeer() throws IOException {
        byte[] lcp = Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, hex("ff03c021 01010004"));
        third.up(peer, lcp);
        owner.pump();
        PeerPath path = new PeerPath(third.local(), peer);
        assertThat(frames(owner)).singleElement().satisfies(frame -> {
            assertThat(frame.path()).isEqualTo(path);
            assertThat(frame.key()).isEqualTo(KEY);
        });
        assertThat(frames(third)).isEmpty();
    }

    @Test
    void aPppFrameIsNothingForAStandbysControlPlane() throws IOException {
        install();
        standby.miss(owner);
        standby.up(peer, Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, hex("ff03c021 01010004")));
        assertThat(frames(standby)).isEmpty();
        assertThat(standby.drops.count(DropReason.NO_OWNER)).isOne();
    }

    @Test
    void controlPacketsGoRawToTheOwnerOfTheirTunnel() throws IOException {
        byte[] hello = hex("c802 0014 0301 0000 0003 0004 8008 0000 0000 0006");
        third.up(peer, hello);
        owner.pump();
        assertThat(control(third)).isEmpty();
        assertThat(control(owner)).singleElement().satisfies(datagram -> {
            assertThat(datagram.octets).isEqualTo(hello);
            assertThat(datagram.path).isEqualTo(new PeerPath(third.local(), peer));
        });
    }

    @Test
    void whatHasNoTunnelIdIsHandledWhereItLands() {
        third.up(peer, hex("c802 0014 0000 0000 0000 0000 8008 0000 0000 0001"));
        assertThat(control(third)).hasSize(1);
    }

    @Test
    void theControlPlaneCanHandARepeatedSccrqOn() throws IOException {
        byte[] sccrq = hex("c802 0014 0301 0000 0000 0000 8008 0000 0000 0001");
        PeerPath path = new PeerPath(third.local(), peer);
        assertThat(third.plane.handOn(path, sccrq)).isTrue();
        owner.pump();
        assertThat(control(owner)).singleElement().satisfies(datagram -> {
            assertThat(datagram.octets).isEqualTo(sccrq);
            assertThat(datagram.path).isEqualTo(path);
        });
        assertThat(owner.plane.handOn(path, sccrq)).as("it is ours").isFalse();
        third.miss(owner);
        third.miss(standby);
        assertThat(third.plane.handOn(path, sccrq)).as("nobody is there").isFalse();
        assertThat(third.plane.handOn(path, new byte[3])).isFalse();
    }

    @Test
    void whoIsOwnerWithoutAnEntryAsksItsControlPlane() {
        owner.up(peer, data(PACKET));
        assertThat(frames(owner)).hasSize(1);
    }

    @Test
    void ofNobodyIsDroppedAndCounted() throws IOException {
        third.up(peer, Samples.data(0, 0x0901, 1, 0, concat(hex("ff030021"), PACKET)));
        third.up(peer, hex("c802 0014 0901 0000 0003 0004 8008 0000 0000 0006"));
        third.miss(owner);
        third.miss(standby);
        third.up(peer, data(PACKET));
        third.down(ANSWER);
        assertThat(third.drops.count(DropReason.NO_OWNER)).isEqualTo(4);
        assertThat(frames(third)).isEmpty();
        assertThat(control(third)).isEmpty();
    }

    @Test
    void aPacketThatIsSentInCirclesLeavesTwoRelaysAtMost() throws IOException {
        // Each takes the other for the owner.
        for (RelayedNode node : List.of(owner, third)) {
            RelayedNode other = node == owner ? third : owner;
            node.plane.place(new Placement(
                    node.relay(),
                    List.of(other.relay()),
                    Map.of(SHARD, new Placement.Shard(other.relay(), null)),
                    64,
                    Map.of(),
                    Map.of(SUBSCRIBER, SHARD),
                    Map.of()));
            node.hearAll();
        }
        owner.up(peer, data(PACKET));
        owner.down(ANSWER);
        for (int round = 0; round < 4; round++) {
            owner.hearAll();
            third.hearAll();
            third.pump();
            owner.pump();
        }
        assertThat(figures(owner, third).out()).containsEntry("up", 1L).containsEntry("down", 1L);
        assertThat(figures(third, owner).out()).containsEntry("up", 1L).containsEntry("down", 1L);
        assertThat(owner.drops.count(DropReason.TOO_MANY_HOPS)).isEqualTo(2);
    }

    @Test
    void orderIsKeptInsideASessionWhenRelayed() throws IOException {
        install();
        for (int number = 0; number < 300; number++) {
            third.up(peer, data(Samples.udpPacket(SUBSCRIBER, SERVER, 100 + number)));
        }
        owner.pump();
        assertThat(owner.network)
                .extracting(packet -> packet.length - 120)
                .isSorted()
                .hasSize(300);
    }

    @Test
    void numberedFramesThatComeByTwoNodesArePutIntoOrder() throws IOException {
        install(entry(true, TrafficLimits.NONE));
        owner.up(peer, numbered(5));
        third.up(peer, numbered(7));
        owner.pump();
        assertThat(owner.network).extracting(packet -> packet.length - 120).containsExactly(5);
        owner.up(peer, numbered(6));
        assertThat(owner.network).extracting(packet -> packet.length - 120).containsExactly(5, 6, 7);
    }

    // Down

    @Test
    void aPacketToASubscriberElsewhereGoesToItsOwner() throws IOException {
        install();
        third.down(ANSWER);
        owner.pump();
        DatagramPacket packet = receive();
        assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(ANSWER_AT_PEER);
        assertThat(packet.getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
        assertThat(owner.table.counters(KEY).downOctets()).isEqualTo(ANSWER.length);
        assertThat(figures(owner, third).in()).containsEntry("down", 1L);
    }

    @Test
    void aPacketToASubscriberGoesToTheStandbyWhenItsOwnerIsSilent() throws IOException {
        install();
        standby.plane.standBy(List.of(Samples.entry(
                KEY.tunnelId(), KEY.sessionId(), SUBSCRIBER, new PeerPath(standby.local(), peer), 1_400)));
        third.miss(owner);
        standby.miss(owner);
        third.hear(standby);
        third.down(ANSWER);
        standby.pump();
        assertThat(standby.table.counters(KEY).downPackets()).isOne();
        place(Map.of());
        standby.down(ANSWER);
        owner.pump();
        assertThat(owner.table.counters(KEY).downPackets())
                .as("the owner is back")
                .isOne();
    }

    @Test
    void aPacketThatMustBeFragmentedIsByTheOwner() throws IOException {
        install();
        third.down(Samples.udpPacket(SERVER, SUBSCRIBER, 3_000));
        owner.pump();
        int octets = 0;
        for (int fragment = 0; fragment < 3; fragment++) {
            octets += atPeer().length - 10 - 20;
        }
        assertThat(octets).isEqualTo(3_000);
    }

    @Test
    void anAddressOfNobodyHasNoSubscriber() {
        third.down(Samples.udpPacket(SERVER, SUBSCRIBER + 1_000, 8));
        assertThat(third.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    @Test
    void equalPacketsForOneNodeLeaveAsOneSend() throws IOException {
        install();
        byte[][] many = new byte[32][];
        Arrays.fill(many, ANSWER);
        owner.pump();
        third.down(many);
        int receptions = owner.pump();
        assertThat(owner.table.counters(KEY).downPackets()).isEqualTo(32);
        assertThat(receptions).as("with signs of life").isLessThan(16);
        for (int packet = 0; packet < 32; packet++) {
            assertThat(atPeer()).isEqualTo(ANSWER_AT_PEER);
        }
    }

    // Reply path

    @Test
    void directlyTheOwnerAnswersByItself() throws IOException {
        install();
        third.up(peer, data(PACKET));
        owner.pump();
        owner.down(ANSWER);
        assertThat(receive().getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
    }

    @Test
    void viaIngressTheAnswerLeavesWhereThePeerSpokeToLast() throws IOException {
        placeViaIngress();
        install();
        owner.down(ANSWER);
        assertThat(receive().getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
        third.up(peer, data(PACKET));
        owner.pump();
        owner.down(ANSWER);
        third.pump();
        DatagramPacket packet = receive();
        assertThat(packet.getSocketAddress()).isEqualTo(third.local().toSocketAddress());
        assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(ANSWER_AT_PEER);
        assertThat(figures(third, owner).in()).containsEntry("send", 1L);
        owner.up(peer, data(PACKET));
        owner.down(ANSWER);
        assertThat(receive().getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
    }

    @Test
    void aStrangerDoesNotChangeTheIngress() throws IOException {
        placeViaIngress();
        install();
        third.up(RelayedNode.peerAt(peer.port() ^ 1), data(PACKET));
        owner.pump();
        owner.down(ANSWER);
        assertThat(receive().getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
    }

    @Test
    void aCallThatBeganElsewhereIsAnsweredThere() throws IOException {
        placeViaIngress();
        owner.table.install(
                Samples.entry(KEY.tunnelId(), KEY.sessionId(), SUBSCRIBER, new PeerPath(third.local(), peer), 1_400));
        owner.down(ANSWER);
        third.pump();
        assertThat(receive().getSocketAddress()).isEqualTo(third.local().toSocketAddress());
    }

    @Test
    void controlPacketsLeaveViaTheLatestIngressToo() throws IOException {
        placeViaIngress();
        byte[] hello = hex("c802 0014 0301 0000 0003 0004 8008 0000 0000 0006");
        PeerPath path = new PeerPath(owner.local(), peer);
        owner.plane.transport(owner.sockets).send(path, hello);
        assertThat(receive().getSocketAddress()).isEqualTo(owner.local().toSocketAddress());
        third.up(peer, hello);
        owner.pump();
        owner.plane.transport(owner.sockets).send(path, hello);
        third.pump();
        DatagramPacket packet = receive();
        assertThat(packet.getSocketAddress()).isEqualTo(third.local().toSocketAddress());
        assertThat(Arrays.copyOf(packet.getData(), packet.getLength())).isEqualTo(hello);
    }

    @Test
    void whoIsToSendFromAnAddressThatIsNotHisCountsIt() throws IOException {
        place(Map.of(standby.local(), third.relay()));
        owner.table.install(
                Samples.entry(KEY.tunnelId(), KEY.sessionId(), SUBSCRIBER, new PeerPath(standby.local(), peer), 1_400));
        owner.down(ANSWER);
        third.pump();
        assertThat(third.drops.count(DropReason.NO_SOCKET)).isOne();
    }

    // Who is there

    @Test
    void aNodeByItselfPuntsAsEver() {
        third.plane.place(Placement.ALONE);
        third.up(peer, data(PACKET));
        third.up(peer, hex("c802 0014 0301 0000 0003 0004 8008 0000 0000 0006"));
        third.down(ANSWER);
        assertThat(frames(third)).hasSize(1);
        assertThat(control(third)).hasSize(1);
        assertThat(third.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    @Test
    void aGoodByeIsBelievedAtOnce() throws IOException, InterruptedException {
        install();
        standby.pump();
        standby.hearAll();
        owner.close();
        standby.pump();
        assertThat(standby.plane.heard()).doesNotContain(owner.relay());
        standby.up(peer, data(PACKET));
        assertThat(standby.network).hasSize(1);
    }

    @Test
    void signsOfLifeAreSentTenTimesASecond() throws IOException, InterruptedException {
        owner.pump();
        long before = figures(owner, third).in().get("alive");
        Thread.sleep(1_000);
        owner.pump();
        assertThat(figures(owner, third).in().get("alive") - before).isBetween(4L, 16L);
        assertThat(owner.plane.heard()).contains(third.relay());
    }

    @Test
    void anotherSecretIsAnotherCluster() throws IOException {
        try (RelayedNode stranger = new RelayedNode("127.0.1.4", 0, "another secret")) {
            stranger.plane.place(new Placement(
                    stranger.relay(),
                    List.of(owner.relay()),
                    Map.of(SHARD, new Placement.Shard(owner.relay(), null)),
                    64,
                    Map.of(),
                    Map.of(),
                    Map.of()));
            stranger.hearAll();
            install();
            stranger.up(peer, data(PACKET));
            owner.pump();
            assertThat(owner.drops.count(DropReason.UNKNOWN_RELAY)).isPositive();
            owner.plane.place(new Placement(
                    owner.relay(), List.of(stranger.relay()), Map.of(), 64, Map.of(), Map.of(), Map.of()));
            stranger.up(peer, data(PACKET));
            owner.pump();
            assertThat(owner.drops.count(DropReason.WRONG_COOKIE)).isPositive();
            assertThat(owner.network).isEmpty();
            assertThat(owner.plane.heard()).isEmpty();
        }
    }
}
