package io.warren.ppp;

import static io.warren.ppp.ScriptedPeer.address;
import static io.warren.ppp.ScriptedPeer.request;
import static io.warren.ppp.SimulatedLine.ASSIGNED;
import static io.warren.ppp.SimulatedLine.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.IpcpOption;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IpcpTest {
    private static final int STATIC_DNS = 0x08080808;
    private static final int WISHED = 0xc0a80105;

    @Test
    void pitfall23_serverAsksFirstWithoutWaitingForThePeersRequest() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        assertThat(peer.lastRequest(PppProtocol.IPCP).options()).containsExactly(address(GATEWAY));
    }

    /** pppd that wants MPPE is deaf to IPCP until CCP is open, and says so by Terminate-Ack. */
    @Test
    void requestThatTheDeafPeerHasAnsweredByTerminateAckIsRepeatedWhenItBegins() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest ours = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.TerminateAck(ours.id(), Bytes.EMPTY));
        assertThat(peer.said).isEmpty();

        peer.ipcp(request(1, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(ours, new ControlPacket.ConfigureAck(1, List.of(address(ASSIGNED))));
        peer.ipcp(request(2, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.packets(PppProtocol.IPCP))
                .as("once: another one could come when it has agreed, and begin all anew")
                .containsExactly(new ControlPacket.ConfigureAck(2, List.of(address(ASSIGNED))));
        peer.ipcp(new ControlPacket.ConfigureAck(ours.id(), ours.options()));
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void terminateAckForSomethingElseRepeatsNothing() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest ours = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.TerminateAck(ours.id() + 1, Bytes.EMPTY));
        peer.ipcp(request(1, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(1);
    }

    /** What the timer has sent since then may be on its way. */
    @Test
    void requestThatWasRepeatedInTimeIsNotRepeatedOnceMore() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest ours = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.TerminateAck(ours.id(), Bytes.EMPTY));
        peer.pass(Duration.ofSeconds(4));
        assertThat(peer.packets(PppProtocol.IPCP)).containsExactly(ours);
        peer.ipcp(request(1, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(1);
    }

    @Test
    void addressIsNakedToTheAssignedOneThenAcked() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        for (int asked : List.of(0, WISHED)) {
            peer.ipcp(request(1, new IpcpOption.IpAddress(asked)));
            assertThat(peer.packets(PppProtocol.IPCP))
                    .containsExactly(new ControlPacket.ConfigureNak(1, List.of(address(ASSIGNED))));
        }
        peer.ipcp(request(2, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureAck(2, List.of(address(ASSIGNED))));
        peer.ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        LinkParameters parameters = ((LinkOutput.NetworkUp) peer.signals().getFirst()).parameters();
        assertThat(parameters.localAddress()).isEqualTo(GATEWAY);
        assertThat(parameters.peerAddress()).isEqualTo(ASSIGNED);
        assertThat(parameters.peerMagic()).isEqualTo(ScriptedPeer.OUR_MAGIC);
        assertThat(parameters.localMagic()).isNotZero();
        assertThat(parameters.peerMru()).isEqualTo(1500);
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void permittedWishIsAskedAboutAndHeldUntilDecided() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of("192.168.1.0/24"));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(request(1, new IpcpOption.IpAddress(WISHED)));
        assertThat(peer.said).containsExactly(new LinkOutput.AddressWished(WISHED));
        peer.ipcp(request(2, new IpcpOption.IpAddress(WISHED)));
        assertThat(peer.said).isEmpty();
        // Other things go on meanwhile.
        peer.ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        peer.lcp(new ControlPacket.EchoRequest(1, 5, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.LCP)).hasSize(1);
        peer.take(peer.link.addressDecided(WISHED + 1, true, peer.now, peer.random));
        assertThat(peer.said).isEmpty();

        PppLink undecided = peer.link;
        peer.take(peer.link.addressDecided(WISHED, true, peer.now, peer.random));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureAck(2, List.of(address(WISHED))));
        assertThat(((LinkOutput.NetworkUp) peer.signals().getFirst())
                        .parameters()
                        .peerAddress())
                .isEqualTo(WISHED);

        peer.link = undecided;
        peer.take(peer.link.addressDecided(WISHED, false, peer.now, peer.random));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureNak(2, List.of(address(ASSIGNED))));
        peer.ipcp(request(3, new IpcpOption.IpAddress(WISHED)));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureNak(3, List.of(address(ASSIGNED))));
        peer.ipcp(request(4, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.signals()).hasSize(1);
    }

    @Test
    void wishOutsideThePermittedRangesIsNotAskedAbout() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of("192.168.2.0/24", "nonsense", "10.0.0.1"));
        peer.ipcp(request(1, new IpcpOption.IpAddress(WISHED)));
        assertThat(peer.signals()).isEmpty();
        peer.ipcp(request(1, new IpcpOption.IpAddress(GATEWAY))); // permitted, but ours
        assertThat(peer.signals()).isEmpty();
    }

    @Test
    void missingAddressIsSuggestedOnceThenTheAssignedOneHolds() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(request(1, new IpcpOption[0]));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureNak(1, List.of(address(ASSIGNED))));
        peer.ipcp(request(2, new IpcpOption[0]));
        assertThat(peer.packets(PppProtocol.IPCP)).containsExactly(new ControlPacket.ConfigureAck(2, List.of()));
        peer.ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        assertThat(((LinkOutput.NetworkUp) peer.signals().getFirst())
                        .parameters()
                        .peerAddress())
                .isEqualTo(ASSIGNED);
    }

    @Test
    void compressionOldAddressesAndNbnsAreRejected() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        List<ConfigurationOption> unwanted = List.of(
                new ConfigurationOption(IpcpOption.IP_COMPRESSION, Bytes.ofHex("002d0f01")),
                new ConfigurationOption(IpcpOption.IP_ADDRESSES, Bytes.ofHex("0000000000000000")),
                new ConfigurationOption(IpcpOption.PRIMARY_NBNS, Bytes.ofHex("00000000")),
                new ConfigurationOption(IpcpOption.SECONDARY_NBNS, Bytes.ofHex("00000000")),
                new IpcpOption.PrimaryDns(0).encode());
        List<ConfigurationOption> asked = new ArrayList<>(unwanted);
        asked.add(2, address(0));
        peer.ipcp(new ControlPacket.ConfigureRequest(1, asked));
        assertThat(peer.packets(PppProtocol.IPCP)).containsExactly(new ControlPacket.ConfigureReject(1, unwanted));
    }

    @Test
    void pitfall23_windowsThatInsistsOnItsStaticDnsMayHaveIt() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of(), SimulatedLine.DNS);
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        IpcpOption mine = new IpcpOption.PrimaryDns(STATIC_DNS);
        peer.ipcp(request(1, new IpcpOption.IpAddress(ASSIGNED), mine));
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureNak(
                        1, List.of(new IpcpOption.PrimaryDns(SimulatedLine.DNS).encode())));
        peer.ipcp(request(2, new IpcpOption.IpAddress(ASSIGNED), mine));
        assertThat(((LinkOutput.NetworkUp) peer.signals().getFirst())
                        .parameters()
                        .dns())
                .containsExactly(STATIC_DNS);
    }

    @Test
    void wishesWithoutEndAreBounded() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of("0.0.0.0/0"));
        int wishes = 0;
        for (int i = 0; i < 100; i++) {
            int wish = WISHED + i;
            peer.ipcp(request(i, new IpcpOption.IpAddress(wish)));
            if (peer.said.contains(new LinkOutput.AddressWished(wish))) {
                wishes++;
                peer.take(peer.link.addressDecided(wish, false, peer.now, peer.random));
            }
        }
        assertThat(wishes).isEqualTo(4);
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void pitfall24_rejectOfTheAddressIsFatalAndOfOtherOptionsIsNot() {
        ScriptedPeer peer = ScriptedPeer.inNetworkPhase(List.of());
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.ConfigureReject(theirs.id(), theirs.options()));
        assertThat(peer.link.phase()).isEqualTo("terminate");

        SimulatedLine line = SimulatedLine.with(AuthenticationMethod.PAP, "clientPass", 3);
        line.dns = List.of(); // The server rejects what the client asks for.
        line.bothUp().run(Duration.ofSeconds(1));
        assertThat(line.client.phase()).isEqualTo("open");
    }

    @Test
    void lcpRenegotiationTakesTheNetworkDownAndAuthenticatesAgain() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.lcp(request(90, new LcpOption.MagicNumber(4711)));
        assertThat(peer.said.getFirst()).isEqualTo(new LinkOutput.NetworkDown("re-negotiation"));
        assertThat(peer.packets(PppProtocol.LCP)).hasSize(2);
        assertThat(peer.link.phase()).isEqualTo("establish");
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        assertThat(peer.link.phase()).isEqualTo("authenticate");
        peer.pap("User", "clientPass");
        peer.decide(new AuthenticationOutcome.Accepted(ASSIGNED, List.of(), List.of(), null));
        peer.openIpcp();
        assertThat(((LinkOutput.NetworkUp) peer.signals().getFirst())
                        .parameters()
                        .peerMagic())
                .isEqualTo(4711);
    }

    @Test
    void ipcpRenegotiationNeedsNoAuthentication() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.ipcp(request(90, new IpcpOption.IpAddress(0)));
        assertThat(peer.said.getFirst()).isEqualTo(new LinkOutput.NetworkDown("re-negotiation"));
        assertThat(peer.packets(PppProtocol.IPCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureNak(90, List.of(address(ASSIGNED))));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.IPCP);
        peer.ipcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        peer.ipcp(request(91, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.signals()).singleElement().isInstanceOf(LinkOutput.NetworkUp.class);
    }

    @Test
    void duplicateOfTheAckedRequestDoesNotDisturbAnOpenLink() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.ipcp(request(78, new IpcpOption.IpAddress(ASSIGNED)));
        assertThat(peer.said).hasSize(1);
        assertThat(peer.packets(PppProtocol.IPCP))
                .containsExactly(new ControlPacket.ConfigureAck(78, List.of(address(ASSIGNED))));
        peer.lcp(request(77, new LcpOption.MagicNumber(ScriptedPeer.OUR_MAGIC)));
        assertThat(peer.said).hasSize(1);
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void peerThatClosesIpcpEndsTheLink() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.ipcp(new ControlPacket.TerminateRequest(5, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.IPCP)).containsExactly(new ControlPacket.TerminateAck(5, Bytes.EMPTY));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("peer closed IPCP"));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
    }

    @Test
    void resumedLinkAnswersEchoTerminatesAndRenegotiates() {
        ScriptedPeer before = ScriptedPeer.inNetworkPhase(List.of(), SimulatedLine.DNS);
        before.ipcp(request(78, new IpcpOption.IpAddress(ASSIGNED), new IpcpOption.PrimaryDns(SimulatedLine.DNS)));
        before.ipcp(new ControlPacket.ConfigureAck(1, List.of(address(GATEWAY))));
        LinkParameters parameters = ((LinkOutput.NetworkUp) before.signals().getFirst()).parameters();
        LinkSettings settings = SimulatedLine.settings(GATEWAY, AuthenticationMethod.PAP);
        ScriptedPeer peer = new ScriptedPeer(PppLink.resumed(settings, parameters, 5_000_000_000L));
        PppLink resumed = peer.link;
        assertThat(resumed.phase()).isEqualTo("open");
        assertThat(resumed.deadline()).isEqualTo(35_000_000_000L);
        peer.lcp(new ControlPacket.EchoRequest(1, ScriptedPeer.OUR_MAGIC, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.LCP))
                .containsExactly(new ControlPacket.EchoReply(1, parameters.localMagic(), Bytes.EMPTY));
        peer.lcp(new ControlPacket.TerminateRequest(3, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(new ControlPacket.TerminateAck(3, Bytes.EMPTY));

        peer.link = resumed;
        peer.ipcp(request(90, new IpcpOption.IpAddress(0), new IpcpOption.PrimaryDns(0)));
        assertThat(peer.packets(PppProtocol.IPCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureNak(
                        90, List.of(address(ASSIGNED), new IpcpOption.PrimaryDns(SimulatedLine.DNS).encode())));
        peer.link = resumed;
        peer.lcp(request(91, new LcpOption.MagicNumber(1)));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        assertThat(peer.link.phase()).isEqualTo("authenticate");
    }

    @Test
    void cidrRanges() {
        assertThat(Cidr.contains("192.168.1.0/24", WISHED)).isTrue();
        assertThat(Cidr.contains("192.168.1.5", WISHED)).isTrue();
        assertThat(Cidr.contains("0.0.0.0/0", WISHED)).isTrue();
        assertThat(Cidr.contains("192.168.1.6/32", WISHED)).isFalse();
        assertThat(List.of("192.168.1.0/33", "192.168.1/24", "192.168.1.0/x", "192.168.1.256", ""))
                .noneMatch(range -> Cidr.contains(range, WISHED));
    }
}
