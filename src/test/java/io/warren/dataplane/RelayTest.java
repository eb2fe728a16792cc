package io.warren.dataplane;

import static io.warren.dataplane.Ipv6Samples.LINK;
import static io.warren.dataplane.RelayedNode.PREFIXES;
import static io.warren.dataplane.Samples.concat;
import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import io.warren.control.port.TrafficLimits;
import java.io.IOException;
import java.net.DatagramPacket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where packets go in a cluster of three, over real sockets: any node, any packet. */
class RelayTest extends RelayedNodes {
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
    void ipv6GoesUpAndDownThroughAnyNodeByThePrefixInThePool() throws IOException {
        placeIpv6(Map.of(PREFIXES.find(LINK.high()), SHARD));
        byte[] up = Ipv6Samples.udp("2001:db8:0:7::5", "2001:db8:ffff::1", 50);
        third.up(peer, Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, concat(hex("57"), up)));
        owner.pump();
        assertThat(owner.network).hasSize(1);
        assertThat(owner.network.getFirst()).isEqualTo(up);
        byte[] down = Ipv6Samples.udp("2001:db8:ffff::1", "2001:db8:0:7::5", 50);
        third.down(down);
        owner.pump();
        assertThat(atPeer()).isEqualTo(concat(hex("0002 1234 5678 ff03 0057"), down));
        third.down(Ipv6Samples.udp("2001:db8:ffff::1", "2001:db8:0:8::5", 50));
        assertThat(third.drops.count(DropReason.NO_SUBSCRIBER)).isOne();
    }

    @Test
    void theStandbyForwardsIpv6WhenTheOwnerIsSilent() throws IOException {
        placeIpv6(Map.of(PREFIXES.find(LINK.high()), SHARD));
        standby.miss(owner);
        byte[] up = Ipv6Samples.udp("2001:db8:0:7::5", "2001:db8:ffff::1", 50);
        standby.up(peer, Samples.data(0, KEY.tunnelId(), KEY.sessionId(), 0, concat(hex("57"), up)));
        assertThat(standby.network).hasSize(1);
        standby.up(
                peer,
                Samples.data(
                        0,
                        KEY.tunnelId(),
                        KEY.sessionId(),
                        0,
                        concat(hex("57"), Ipv6Samples.icmp("fe80::5", "ff02::2", 133, 0))));
        assertThat(frames(standby)).as("the standby answers nothing itself").isEmpty();
        assertThat(standby.drops.count(DropReason.NO_OWNER)).isOne();
    }

    private void placeIpv6(Map<Integer, Integer> prefixes) {
        Placement.Shard shard = new Placement.Shard(owner.relay(), standby.relay());
        RelayedNode.place(List.of(owner, standby, third), Map.of(SHARD, shard), prefixes, Map.of());
        install(Ipv6Samples.entry(KEY, new PeerPath(owner.local(), peer), SUBSCRIBER, 1_400, false));
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

}
