package io.warren.dataplane;

import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.control.port.PeerPath;
import io.warren.control.port.Placement;
import java.io.IOException;
import java.net.DatagramPacket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How answers go back to a peer whose call another node owns, and which nodes are believed. */
class RelayReplyPathTest extends RelayedNodes {
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
