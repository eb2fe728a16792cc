package io.warren.ppp;

import static io.warren.ppp.ScriptedPeer.bytes;
import static io.warren.ppp.ScriptedPeer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.ppp.AuthenticationOutcome.Accepted;
import io.warren.ppp.AuthenticationOutcome.Challenged;
import io.warren.ppp.AuthenticationOutcome.Rejected;
import io.warren.wire.Bytes;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.EapPacket;
import io.warren.wire.ppp.EapPacket.Failure;
import io.warren.wire.ppp.EapPacket.Request;
import io.warren.wire.ppp.EapPacket.Response;
import io.warren.wire.ppp.EapPacket.Success;
import io.warren.wire.ppp.IpcpOption;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** EAP at both ends: the pass-through authenticator and the peer. */
class EapTest {
    private static final Accepted ACCEPTED = new Accepted(SimulatedLine.ASSIGNED, List.of(), List.of(), null);
    private static final EapRound ROUND = new EapRound("one", Bytes.ofHex("aabb"));
    private static final int TLS = 13;

    private final ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.EAP);

    /** The identity was asked for and given. */
    private int identified() {
        peer.openLcp();
        int id = peer.eapPackets().getFirst().id();
        peer.eap(new Response(id, EapPacket.IDENTITY, bytes("bob")));
        return id;
    }

    private static Challenged challenge(int id, String data) {
        return new Challenged(new Request(id, TLS, Bytes.ofHex(data)).encode(), ROUND, Duration.ZERO);
    }

    /** A method's first Request is out. */
    private int challenged() {
        int id = identified() + 1;
        peer.decide(challenge(id, "20"));
        assertThat(peer.eapPackets()).containsExactly(new Request(id, TLS, Bytes.ofHex("20")));
        return id;
    }

    @Test
    void theIdentityIsAskedForAndEachResponsePassedOnWithItsRound() {
        int id = identified();
        assertThat(peer.said)
                .containsExactly(new LinkOutput.AuthenticationRequested(new Credentials.Eap(
                        "bob", new Response(id, EapPacket.IDENTITY, bytes("bob")).encode(), 1500, null)));
        peer.decide(challenge(77, "20"));
        Response second = new Response(77, TLS, Bytes.ofHex("00112233"));
        peer.eap(second);
        assertThat(peer.said)
                .containsExactly(new LinkOutput.AuthenticationRequested(
                        new Credentials.Eap("bob", second.encode(), 1500, ROUND)));
        peer.decide(ACCEPTED);
        assertThat(peer.eapPackets()).containsExactly(new Success(77));
        assertThat(peer.packets(PppProtocol.IPCP)).isNotEmpty();
        assertThat(peer.link.phase()).isEqualTo("network");
    }

    @Test
    void thePeersMruBoundsWhatIsAskedOfIt() {
        peer.openLcp(new LcpOption.MagicNumber(ScriptedPeer.OUR_MAGIC), new LcpOption.Mru(200));
        int id = peer.eapPackets().getFirst().id();
        peer.eap(new Response(id, EapPacket.IDENTITY, bytes("bob")));
        assertThat(peer.said.getFirst())
                .isInstanceOfSatisfying(
                        LinkOutput.AuthenticationRequested.class,
                        asked -> assertThat(((Credentials.Eap) asked.credentials()).mtu())
                                .isEqualTo(200));
        peer.decide(challenge(id + 1, "00".repeat(196)));
        assertThat(peer.eapPackets()).containsExactly(new Failure(id));
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void aRequestIsRepeatedWithTheSameIdentifierAndThenGivenUp() {
        int id = challenged();
        for (int i = 1; i < 10; i++) {
            peer.pass(Duration.ofSeconds(3));
            assertThat(peer.eapPackets()).containsExactly(new Request(id, TLS, Bytes.ofHex("20")));
        }
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.eapPackets()).isEmpty();
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void theServersTimeForAResponseIsHeeded() {
        int id = identified() + 1;
        peer.decide(new Challenged(new Request(id, TLS, Bytes.EMPTY).encode(), ROUND, Duration.ofSeconds(20)));
        peer.pass(Duration.ofSeconds(19));
        assertThat(peer.eapPackets()).isEmpty();
        peer.pass(Duration.ofSeconds(1));
        assertThat(peer.eapPackets()).containsExactly(new Request(id, TLS, Bytes.EMPTY));
        ScriptedPeer other = ScriptedPeer.ofServer(AuthenticationMethod.EAP);
        other.openLcp();
        int its = other.eapPackets().getFirst().id();
        other.eap(new Response(its, EapPacket.IDENTITY, bytes("bob")));
        other.decide(new Challenged(
                new Request(its + 1, TLS, Bytes.EMPTY).encode(), ROUND, Duration.ofSeconds(Integer.MAX_VALUE)));
        other.pass(Duration.ofSeconds(60));
        assertThat(other.link.phase()).as("it is not waited for ever").isEqualTo("terminate");
    }

    @Test
    void repeatedAndUnexpectedResponsesAreDroppedAndCounted() {
        int id = challenged();
        peer.eap(new Response(id + 5, TLS, Bytes.EMPTY));
        assertThat(peer.said).containsExactly(new LinkOutput.Discarded("EAP Response to another Request"));
        Response right = new Response(id, TLS, Bytes.ofHex("01"));
        peer.eap(right);
        assertThat(peer.signals()).hasOnlyElementsOfType(LinkOutput.AuthenticationRequested.class);
        peer.eap(right);
        assertThat(peer.said).containsExactly(new LinkOutput.Discarded("EAP Response that was given already"));
        peer.pass(Duration.ofSeconds(30));
        assertThat(peer.eapPackets())
                .as("nothing is repeated while it is decided")
                .isEmpty();
        peer.decide(ACCEPTED);
        peer.eap(right);
        assertThat(peer.said).containsExactly(new LinkOutput.Discarded("EAP Response that was given already"));
        for (EapPacket odd : List.of(new Request(id, TLS, Bytes.EMPTY), new Success(id), new Failure(id))) {
            peer.eap(odd);
            assertThat(peer.said).as("%s", odd).isEmpty();
        }
    }

    @Test
    void onlyAnIdentityAnswersTheQuestionForIt() {
        peer.openLcp();
        int id = peer.eapPackets().getFirst().id();
        peer.eap(new Response(id, EapPacket.NAK, Bytes.of((byte) TLS)));
        assertThat(peer.said)
                .containsExactly(new LinkOutput.Discarded("EAP Response of a type that was not asked for"));
    }

    @Test
    void aResponseThatWasNotUnderstoodIsAwaitedAnewWithoutAskingAtOnce() {
        int id = challenged();
        peer.eap(new Response(id, TLS, Bytes.ofHex("66")));
        EapRound next = new EapRound("one", Bytes.ofHex("cc"));
        peer.decide(new Challenged(new Request(id, TLS, Bytes.ofHex("20")).encode(), next, Duration.ZERO));
        assertThat(peer.said).isEmpty();
        Response right = new Response(id, TLS, Bytes.ofHex("01"));
        peer.eap(right);
        assertThat(peer.said)
                .containsExactly(
                        new LinkOutput.AuthenticationRequested(new Credentials.Eap("bob", right.encode(), 1500, next)));
    }

    @Test
    void theServersLastPacketIsPassedOnAndMadeWhereItIsMissing() {
        int id = challenged();
        peer.eap(new Response(id, TLS, Bytes.EMPTY));
        PppLink asked = peer.link;
        peer.decide(new Accepted(1, List.of(), List.of(), null, 0, null, new Success(id + 1).encode()));
        assertThat(peer.eapPackets()).as("an identifier is the server's matter").containsExactly(new Success(id + 1));
        peer.link = asked;
        peer.decide(new Rejected("wrong", new Failure(id).encode()));
        assertThat(peer.eapPackets()).containsExactly(new Failure(id));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
        peer.link = asked;
        peer.decide(new Rejected("wrong"));
        assertThat(peer.eapPackets()).containsExactly(new Failure(id));
    }

    @Test
    void contradictionsLetNobodyInAndNothingIsMadeUpToMendThem() {
        int id = challenged();
        peer.eap(new Response(id, TLS, Bytes.EMPTY));
        PppLink asked = peer.link;
        peer.decide(new Accepted(1, List.of(), List.of(), null, 0, null, new Failure(id).encode()));
        assertThat(peer.eapPackets()).containsExactly(new Failure(id));
        assertThat(peer.link.phase()).isEqualTo("terminate");
        peer.link = asked;
        peer.decide(new Rejected("wrong", new Success(id).encode()));
        assertThat(peer.eapPackets()).isEmpty();
        assertThat(peer.link.phase()).isEqualTo("terminate");
        for (Bytes none : List.of(Bytes.EMPTY, Bytes.ofHex("01020003"), new Success(id).encode())) {
            peer.link = asked;
            peer.decide(new Challenged(none, ROUND, Duration.ZERO));
            assertThat(peer.eapPackets()).containsExactly(new Failure(id));
            assertThat(peer.link.phase()).isEqualTo("terminate");
        }
    }

    @Test
    void aConversationWithoutEndIsEnded() {
        int id = identified();
        for (int round = 1; round <= EapAuthenticator.MOST_ROUNDS; round++) {
            peer.decide(challenge(id + round & 0xff, "00"));
            peer.eap(new Response(id + round & 0xff, TLS, Bytes.EMPTY));
            assertThat(peer.signals()).as("round %d", round).hasSize(1);
        }
        peer.decide(challenge(200, "00"));
        assertThat(peer.eapPackets()).singleElement().isInstanceOf(Failure.class);
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void aRestartOfLcpBeginsTheConversationAnewAndForgetsTheOldAnswer() {
        peer.eap(new Response(challenged(), TLS, Bytes.EMPTY));
        peer.lcp(request(80, new LcpOption.MagicNumber(99)));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        int again = peer.eapPackets().getFirst().id();
        peer.decide(ACCEPTED); // about the first conversation
        assertThat(peer.link.phase()).isEqualTo("authenticate");
        peer.eap(new Response(again, EapPacket.IDENTITY, bytes("mallory")));
        assertThat(peer.signals()).hasSize(1);
    }

    @Test
    void eapIsSilentWhereAnotherProtocolWasAgreed() {
        ScriptedPeer pap = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        pap.openLcp();
        pap.eap(new Response(1, EapPacket.IDENTITY, bytes("bob")));
        assertThat(pap.said).isEmpty();
        peer.openLcp();
        peer.pap("bob", "pwd");
        assertThat(peer.said).isEmpty();
    }

    private static ScriptedPeer client() {
        ScriptedPeer lns = new ScriptedPeer(
                PppLink.client(SimulatedLine.settings(0), SimulatedLine.identity("pwd", AuthenticationMethod.EAP)));
        lns.take(lns.link.lowerUp(lns.now, lns.random));
        ControlPacket.ConfigureRequest theirs = lns.lastRequest(PppProtocol.LCP);
        lns.lcp(request(2, new LcpOption.Authentication(PppProtocol.EAP, Bytes.EMPTY)));
        lns.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        return lns;
    }

    @Test
    void thePeerAnswersIdentityNotificationAndChallengeAndRefusesOtherMethods() {
        ScriptedPeer lns = client();
        lns.eap(new Request(1, EapPacket.IDENTITY, Bytes.EMPTY));
        assertThat(lns.eapPackets()).containsExactly(new Response(1, EapPacket.IDENTITY, bytes("User")));
        lns.eap(new Request(2, EapPacket.NOTIFICATION, bytes("hello")));
        assertThat(lns.eapPackets()).containsExactly(new Response(2, EapPacket.NOTIFICATION, Bytes.EMPTY));
        lns.eap(new Request(3, TLS, Bytes.ofHex("20")));
        assertThat(lns.eapPackets())
                .containsExactly(new Response(3, EapPacket.NAK, Bytes.of((byte) EapPacket.MD5_CHALLENGE)));
        lns.eap(new Success(3));
        lns.eap(new Request(4, EapPacket.MD5_CHALLENGE, Bytes.EMPTY));
        assertThat(lns.eapPackets())
                .as("without a challenge there is nothing to answer")
                .isEmpty();
        Bytes challenge = Bytes.ofHex("00112233445566778899aabbccddeeff");
        Request asked = EapMd5.request(5, challenge, "lns");
        lns.eap(asked);
        EapPacket answer = lns.eapPackets().getFirst();
        assertThat(ChapMd5.matches(EapMd5.shown("User", (Response) answer, challenge), "pwd".getBytes()))
                .isTrue();
        lns.eap(asked);
        assertThat(lns.eapPackets()).containsExactly(answer);
        assertThat(lns.link.phase()).isEqualTo("authenticate");
        lns.eap(new Success(5));
        assertThat(lns.link.phase()).isEqualTo("network");
    }

    @Test
    void thePeerBelievesNoSuccessBeforeAMethodIsDone() {
        ScriptedPeer lns = client();
        lns.eap(new Request(1, EapPacket.IDENTITY, Bytes.EMPTY));
        lns.eap(new Success(1));
        lns.ipcp(request(1, new IpcpOption.IpAddress(SimulatedLine.GATEWAY)));
        assertThat(lns.link.phase()).isEqualTo("authenticate");
        lns.eap(new Failure(9));
        assertThat(lns.link.phase()).isEqualTo("authenticate");
        lns.eap(new Failure(1));
        assertThat(lns.link.phase()).isEqualTo("terminate");
    }

    @Test
    void thePeerThatLostTheSuccessLearnsItFromIpcp() {
        ScriptedPeer lns = client();
        lns.eap(new Request(1, EapPacket.IDENTITY, Bytes.EMPTY));
        lns.eap(EapMd5.request(2, Bytes.of(new byte[16]), "lns"));
        lns.ipcp(request(1, new IpcpOption.IpAddress(SimulatedLine.GATEWAY)));
        assertThat(lns.link.phase()).isEqualTo("network");
    }

    @Test
    void whatAPeerShowsIsNeverPrinted() {
        identified();
        peer.decide(challenge(5, "00"));
        peer.eap(new Response(5, 6, bytes("topsecret")));
        assertThat(peer.said.toString())
                .contains("bob")
                .doesNotContain("topsecret", bytes("topsecret").toHex());
    }
}
