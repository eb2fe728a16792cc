package io.warren.ppp;

import static io.warren.ppp.ScriptedPeer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LcpTest {
    @Test
    void firstRequestIsSentAtOnceAndAgainAfterFirstRestartThenAtTheNormalPace() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        ControlPacket.ConfigureRequest first = peer.lastRequest(PppProtocol.LCP);
        peer.pass(Duration.ofMillis(249));
        assertThat(peer.said).isEmpty();
        peer.pass(Duration.ofMillis(1));
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(first);
        peer.pass(Duration.ofMillis(2999));
        assertThat(peer.said).isEmpty();
        peer.pass(Duration.ofMillis(1));
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(first);
    }

    @Test
    void unansweredRequestIsRepeatedWhenThePeersFirstFrameArrives() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        ControlPacket.ConfigureRequest first = peer.lastRequest(PppProtocol.LCP);
        ControlPacket.ConfigureRequest ours = request(1, new LcpOption.MagicNumber(5));
        peer.lcp(ours);
        assertThat(peer.packets(PppProtocol.LCP))
                .containsExactly(first, new ControlPacket.ConfigureAck(1, ours.options()));
        peer.lcp(ours);
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(new ControlPacket.ConfigureAck(1, ours.options()));
    }

    @Test
    void peerThatNeverAnswersIsGivenUpAfterMaxConfigure() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        int requests = 1;
        while (peer.link.deadline() != Long.MAX_VALUE) {
            peer.now = peer.link.deadline();
            peer.pass(Duration.ZERO);
            requests += peer.packets(PppProtocol.LCP).size();
        }
        assertThat(requests).isEqualTo(10);
        assertThat(peer.signals())
                .containsExactly(
                        new LinkOutput.LinkDown(LinkEnd.NEGOTIATION_FAILED, "peer does not answer Configure-Requests"));
    }

    @Test
    void optionsAreAckedNakedOrRejectedAsTheyDeserve() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        ConfigurationOption callback = new ConfigurationOption(13, Bytes.ofHex("06"));
        ConfigurationOption mrru = new ConfigurationOption(17, Bytes.ofHex("05dc"));
        ControlPacket.ConfigureRequest asked = new ControlPacket.ConfigureRequest(
                1, List.of(callback, new LcpOption.Mru(64).encode(), mrru, new LcpOption.Accm(0).encode()));
        peer.lcp(asked);
        assertThat(peer.packets(PppProtocol.LCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureReject(1, List.of(callback, mrru)));
        ControlPacket.ConfigureRequest good = request(
                3,
                new LcpOption.Mru(1400),
                new LcpOption.Accm(0xffffffffL),
                new LcpOption.MagicNumber(9),
                new LcpOption.Pfc(),
                new LcpOption.Acfc());
        peer.lcp(good);
        assertThat(peer.packets(PppProtocol.LCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureAck(3, good.options()));
    }

    @Test
    void pitfall24_mruBelowASaneValueIsNaked() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.lcp(request(2, new LcpOption.Mru(1)));
        assertThat(peer.packets(PppProtocol.LCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureNak(2, List.of(new LcpOption.Mru(128).encode())));
    }

    @Test
    void serverWithoutAnIdentityRejectsBeingAuthenticated() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        LcpOption pap = new LcpOption.Authentication(PppProtocol.PAP, Bytes.EMPTY);
        peer.lcp(request(2, pap));
        assertThat(peer.packets(PppProtocol.LCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureReject(2, List.of(pap.encode())));
    }

    @Test
    void clientNaksWithTheMethodItHas() {
        ScriptedPeer peer = new ScriptedPeer(
                PppLink.client(SimulatedLine.settings(0), SimulatedLine.identity("x", AuthenticationMethod.CHAP_MD5)));
        peer.take(peer.link.lowerUp(peer.now, peer.random));
        peer.lcp(request(2, new LcpOption.Authentication(PppProtocol.PAP, Bytes.EMPTY)));
        assertThat(peer.packets(PppProtocol.LCP).getLast())
                .isEqualTo(new ControlPacket.ConfigureNak(
                        2, List.of(new LcpOption.Authentication(PppProtocol.CHAP, Bytes.ofHex("05")).encode())));
    }

    @Test
    void pitfall23_clientThatProposesPapGetsPapOnlyIfWePermitIt() {
        LcpOption pap = new LcpOption.Authentication(PppProtocol.PAP, Bytes.EMPTY);
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.MSCHAP_V2, AuthenticationMethod.PAP);
        peer.lcp(new ControlPacket.ConfigureNak(1, List.of(pap.encode())));
        assertThat(peer.lastRequest(PppProtocol.LCP).options()).contains(pap.encode());

        peer = ScriptedPeer.ofServer(AuthenticationMethod.MSCHAP_V2, AuthenticationMethod.CHAP_MD5);
        peer.lcp(new ControlPacket.ConfigureNak(1, List.of(pap.encode())));
        assertThat(peer.lastRequest(PppProtocol.LCP).options())
                .contains(new LcpOption.Authentication(PppProtocol.CHAP, Bytes.ofHex("05")).encode());
        peer.lcp(
                new ControlPacket.ConfigureNak(peer.lastRequest(PppProtocol.LCP).id(), List.of(pap.encode())));
        terminates(peer, LinkEnd.NEGOTIATION_FAILED, "peer takes none of our authentication methods");
    }

    @Test
    void peerThatRejectsAuthenticationIsTurnedAway() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureReject(
                theirs.id(), List.of(theirs.options().getFirst())));
        terminates(peer, LinkEnd.NEGOTIATION_FAILED, "peer refuses to authenticate itself");
    }

    private static void terminates(ScriptedPeer peer, LinkEnd cause, String reason) {
        ControlPacket last = peer.packets(PppProtocol.LCP).getLast();
        assertThat(last).isInstanceOf(ControlPacket.TerminateRequest.class);
        peer.lcp(new ControlPacket.TerminateAck(last.id(), Bytes.EMPTY));
        assertThat(peer.signals()).singleElement().satisfies(output -> {
            assertThat(((LinkOutput.LinkDown) output).cause()).isEqualTo(cause);
            assertThat(((LinkOutput.LinkDown) output).reason()).startsWith(reason);
        });
    }

    @Test
    void linkThatTalksToItselfIsLoopedBack() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        List<LinkOutput> signals = new ArrayList<>();
        List<LinkOutput> pending = new ArrayList<>(peer.said);
        for (int i = 0; i < 100 && !pending.isEmpty(); i++) {
            if (pending.removeFirst() instanceof LinkOutput.SendFrame(Bytes frame)) {
                peer.send(frame);
                pending.addAll(peer.said);
                signals.addAll(peer.signals());
            }
        }
        assertThat(signals)
                .containsExactly(new LinkOutput.LinkDown(LinkEnd.LOOPED_BACK, "our own magic number came back"));
    }

    @Test
    void ownMagicNumberOnceIsOnlyNaked() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        ConfigurationOption magic = peer.lastRequest(PppProtocol.LCP).options().getLast();
        peer.lcp(new ControlPacket.ConfigureRequest(1, List.of(magic)));
        ControlPacket.ConfigureNak nak =
                (ControlPacket.ConfigureNak) peer.packets(PppProtocol.LCP).getLast();
        assertThat(nak.options()).singleElement().isNotEqualTo(magic);
    }

    @Test
    void nakWarsEndByMaxFailure() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        int naks = 0;
        int rejects = 0;
        List<LinkOutput> signals = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            peer.lcp(request(i, new LcpOption.Mru(1)));
            for (ControlPacket packet : peer.packets(PppProtocol.LCP)) {
                naks += packet instanceof ControlPacket.ConfigureNak ? 1 : 0;
                rejects += packet instanceof ControlPacket.ConfigureReject ? 1 : 0;
            }
            signals.addAll(peer.signals());
        }
        assertThat(naks).isEqualTo(5);
        assertThat(rejects).isEqualTo(10);
        assertThat(signals)
                .containsExactly(new LinkOutput.LinkDown(LinkEnd.NEGOTIATION_FAILED, "no agreement on LCP options"));
    }

    @Test
    void peerThatNaksForEverIsGivenUp() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        List<LinkOutput> signals = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int id = peer.packets(PppProtocol.LCP).isEmpty()
                    ? 0
                    : peer.packets(PppProtocol.LCP).getLast().id();
            peer.lcp(new ControlPacket.ConfigureNak(id, List.of(new LcpOption.MagicNumber(i).encode())));
            signals.addAll(peer.signals());
        }
        assertThat(signals)
                .containsExactly(new LinkOutput.LinkDown(LinkEnd.NEGOTIATION_FAILED, "no agreement on LCP options"));
    }

    @Test
    void pitfall24_echoReplyIsCutToThePeersMru() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp(new LcpOption.Mru(200));
        peer.lcp(new ControlPacket.EchoRequest(3, 7, Bytes.of(new byte[1000])));
        assertThat(peer.frames())
                .singleElement()
                .satisfies(frame -> assertThat(frame.information().length()).isEqualTo(200));
        peer.lcp(new ControlPacket.EchoRequest(4, 7, Bytes.ofHex("0102")));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().satisfies(packet -> {
            ControlPacket.EchoReply reply = (ControlPacket.EchoReply) packet;
            assertThat(reply.id()).isEqualTo(4);
            assertThat(reply.data()).isEqualTo(Bytes.ofHex("0102"));
        });
    }

    @Test
    void echoIsAnsweredOnlyWhenOpened() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.lcp(new ControlPacket.EchoRequest(3, 7, Bytes.EMPTY));
        assertThat(peer.said).isEmpty();
    }

    @Test
    void silenceIsAskedAboutAndEndsTheLink() {
        ScriptedPeer peer = ScriptedPeer.open();
        for (int i = 0; i < 3; i++) {
            peer.pass(Duration.ofSeconds(30));
            assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.EchoRequest.class);
        }
        peer.pass(Duration.ofSeconds(30));
        assertThat(peer.signals())
                .containsExactly(
                        new LinkOutput.NetworkDown("3 Echo-Requests went unanswered"),
                        new LinkOutput.LinkDown(LinkEnd.ECHO_TIMEOUT, "3 Echo-Requests went unanswered"));
        assertThat(peer.link.phase()).isEqualTo("dead");
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anyTrafficPutsTheEchoOff() {
        ScriptedPeer peer = ScriptedPeer.open();
        for (int i = 0; i < 20; i++) {
            peer.now += Duration.ofSeconds(29).toNanos();
            peer.link = peer.link.trafficSeen(peer.now);
            peer.pass(Duration.ZERO);
            assertThat(peer.said).isEmpty();
            peer.now += Duration.ofSeconds(29).toNanos();
            peer.send(new PppFrame(PppProtocol.IPV4, Bytes.ofHex("4500")).encode());
            peer.pass(Duration.ZERO);
            assertThat(peer.said).isEmpty();
        }
    }

    @Test
    void unknownProtocolsAreRejectedOnceLcpIsOpened() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        Bytes information = Bytes.ofHex("01010004");
        peer.send(new PppFrame(PppProtocol.IPV6CP, information).encode());
        assertThat(peer.said).isEmpty();
        peer.openLcp();
        for (int protocol : List.of(PppProtocol.IPV6CP, PppProtocol.CCP, 0x0057, 0x4021)) {
            peer.send(new PppFrame(protocol, information).encode());
            assertThat(peer.packets(PppProtocol.LCP)).singleElement().satisfies(packet -> {
                ControlPacket.ProtocolReject reject = (ControlPacket.ProtocolReject) packet;
                assertThat(reject.protocol()).isEqualTo(protocol);
                assertThat(reject.information()).isEqualTo(information);
            });
        }
    }

    @Test
    void protocolRejectOfIpcpIsFatalAndOfOthersIsNot() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.lcp(new ControlPacket.ProtocolReject(1, PppProtocol.CCP, Bytes.EMPTY));
        assertThat(peer.said).isEmpty();
        peer.lcp(new ControlPacket.ProtocolReject(2, PppProtocol.IPCP, Bytes.EMPTY));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("peer rejects protocol 0x8021"));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
    }

    @Test
    void pitfall24_codeRejectIsNeverAnsweredWithACodeReject() {
        ScriptedPeer peer = ScriptedPeer.open();
        ControlPacket unknown = new ControlPacket.Unknown(99, 5, Bytes.ofHex("0102"));
        peer.lcp(unknown);
        assertThat(peer.packets(PppProtocol.LCP))
                .singleElement()
                .satisfies(packet -> assertThat(((ControlPacket.CodeReject) packet).rejected())
                        .isEqualTo(unknown.encode()));
        Bytes ours = peer.packets(PppProtocol.LCP).getFirst().encode();
        peer.lcp(new ControlPacket.CodeReject(6, ours));
        assertThat(peer.said).isEmpty();
        peer.lcp(new ControlPacket.CodeReject(7, Bytes.EMPTY));
        assertThat(peer.said).isEmpty();
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void codeRejectOfEchoStopsTheKeepaliveAndOfConfigureRequestTheLink() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.lcp(new ControlPacket.CodeReject(6, Bytes.ofHex("09010008")));
        assertThat(peer.link.deadline()).isEqualTo(Long.MAX_VALUE);
        peer.lcp(new ControlPacket.CodeReject(7, Bytes.ofHex("01010004")));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("peer rejects LCP code 1"));
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void noticesAreTakenQuietly() {
        ScriptedPeer peer = ScriptedPeer.open();
        for (int code : List.of(11, 12, 13)) {
            peer.lcp(new ControlPacket.Notice(code, 1, Bytes.ofHex("00000000")));
            assertThat(peer.said).isEmpty();
        }
    }

    @Test
    void pitfall24_terminateRequestIsAckedAndRepeatsToo() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.lcp(new ControlPacket.TerminateRequest(3, ScriptedPeer.bytes("User request")));
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(new ControlPacket.TerminateAck(3, Bytes.EMPTY));
        assertThat(peer.signals())
                .containsExactly(new LinkOutput.NetworkDown("peer terminated the link: User request"));
        peer.lcp(new ControlPacket.TerminateRequest(3, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.LCP)).containsExactly(new ControlPacket.TerminateAck(3, Bytes.EMPTY));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.said)
                .containsExactly(
                        new LinkOutput.LinkDown(LinkEnd.PEER_TERMINATED, "peer terminated the link: User request"));
    }

    @Test
    void closeTerminatesAndLinkDownComesOnce() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.take(peer.link.close("operator", peer.now, peer.random));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("operator"));
        int id = peer.packets(PppProtocol.LCP).getFirst().id();
        peer.lcp(new ControlPacket.TerminateAck(id, Bytes.EMPTY));
        assertThat(peer.said).containsExactly(new LinkOutput.LinkDown(LinkEnd.CLOSED, "operator"));
        peer.lcp(new ControlPacket.TerminateAck(id, Bytes.EMPTY));
        assertThat(peer.said).isEmpty();
        peer.lcp(request(1, new LcpOption.Pfc()));
        assertThat(peer.said).isEmpty();
        peer.take(peer.link.close("again", peer.now, peer.random));
        assertThat(peer.said).isEmpty();
    }

    @Test
    void closeThatIsNotAnsweredIsGivenUpAfterMaxTerminate() {
        ScriptedPeer peer = ScriptedPeer.open();
        peer.take(peer.link.close("operator", peer.now, peer.random));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.said).containsExactly(new LinkOutput.LinkDown(LinkEnd.CLOSED, "operator"));
    }

    @Test
    void closeBeforeTheCallIsUp() {
        ScriptedPeer peer = new ScriptedPeer(PppLink.server(SimulatedLine.settings(1, AuthenticationMethod.PAP)));
        assertThat(peer.link.phase()).isEqualTo("dead");
        peer.take(peer.link.close("never mind", peer.now, peer.random));
        assertThat(peer.said).containsExactly(new LinkOutput.LinkDown(LinkEnd.CLOSED, "never mind"));
    }
}
