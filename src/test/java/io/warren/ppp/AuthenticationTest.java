package io.warren.ppp;

import static io.warren.ppp.ScriptedPeer.bytes;
import static io.warren.ppp.ScriptedPeer.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private static final AuthenticationOutcome ACCEPTED =
            new AuthenticationOutcome.Accepted(SimulatedLine.ASSIGNED, List.of(), List.of(), null);

    @Test
    void papIsAskedOnceAndRepeatsAreAnsweredTheSame() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        assertThat(peer.link.phase()).isEqualTo("authenticate");
        peer.pap("bob", "pwd");
        assertThat(peer.said)
                .containsExactly(new LinkOutput.AuthenticationRequested(new Credentials.Pap("bob", bytes("pwd"))));
        peer.pap("bob", "pwd");
        assertThat(peer.said).isEmpty();
        peer.decide(ACCEPTED);
        PppFrame ack = peer.frames().getFirst();
        assertThat(ack.protocol()).isEqualTo(PppProtocol.PAP);
        assertThat(ack.information().at(0)).isEqualTo(PapPacket.AUTHENTICATE_ACK);
        assertThat(peer.link.phase()).isEqualTo("network");
        peer.pap("bob", "other");
        assertThat(peer.frames()).containsExactly(ack);
    }

    @Test
    void rejectedPapIsNakedAndTerminated() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.pap("bob", "pwd");
        peer.decide(new AuthenticationOutcome.Rejected("no such user"));
        assertThat(peer.frames().getFirst().information().at(0)).isEqualTo(PapPacket.AUTHENTICATE_NAK);
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
        peer.pass(Duration.ofSeconds(3));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.signals())
                .containsExactly(new LinkOutput.LinkDown(LinkEnd.AUTHENTICATION_FAILED, "no such user"));
    }

    @Test
    void chapChallengeIsRepeatedUntilAnswered() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        peer.openLcp();
        ChapPacket.Challenge challenge = (ChapPacket.Challenge) peer.chapPacket();
        assertThat(challenge.value().length()).isBetween(16, 24);
        assertThat(challenge.name()).isEqualTo(bytes("warren"));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.chapPacket()).isEqualTo(challenge);
        Bytes value = ChapMd5.respond(challenge.id(), "pwd".getBytes(StandardCharsets.UTF_8), challenge.value());
        ChapPacket.Response response = new ChapPacket.Response(challenge.id(), value, bytes("bob"));
        peer.chap(new ChapPacket.Response(challenge.id() + 1, value, bytes("bob")));
        assertThat(peer.said).isEmpty();
        peer.chap(response);
        assertThat(peer.said)
                .containsExactly(new LinkOutput.AuthenticationRequested(
                        new Credentials.ChapMd5("bob", challenge.id(), challenge.value(), value)));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.said).isEmpty();
        peer.decide(ACCEPTED);
        assertThat(peer.chapPacket()).isInstanceOf(ChapPacket.Success.class);
        peer.chap(response);
        assertThat(peer.chapPacket()).isInstanceOf(ChapPacket.Success.class);
        assertThat(peer.frames()).hasSize(1);
    }

    @Test
    void msChapV2SaysSuccessWithTheProofAndFailureWithTheChallenge() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.MSCHAP_V2);
        peer.openLcp();
        ChapPacket.Challenge challenge = (ChapPacket.Challenge) peer.chapPacket();
        assertThat(challenge.value().length()).isEqualTo(16);
        peer.chap(new ChapPacket.Response(challenge.id(), Bytes.of(new byte[49]), bytes("bob")));
        PppLink asked = peer.link;
        String proof = "S=" + "A".repeat(40);
        peer.decide(new AuthenticationOutcome.Accepted(1, List.of(), List.of(), proof));
        assertThat(((ChapPacket.Success) peer.chapPacket()).message()).isEqualTo(bytes(proof + " M=Welcome"));
        peer.link = asked;
        peer.decide(new AuthenticationOutcome.Rejected("wrong password"));
        String hex = challenge.value().toHex().toUpperCase(java.util.Locale.ROOT);
        assertThat(((ChapPacket.Failure) peer.chapPacket()).message())
                .isEqualTo(bytes("E=691 R=0 C=" + hex + " V=3 M=Authentication failed"));
        peer.link = asked;
        peer.decide(ACCEPTED);
        assertThat(peer.chapPacket()).isInstanceOf(ChapPacket.Failure.class);
    }

    @Test
    void responseOfAWrongLengthIsAFailure() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.MSCHAP_V2);
        peer.openLcp();
        int id = peer.chapPacket().id();
        peer.chap(new ChapPacket.Response(id, Bytes.of(new byte[16]), bytes("bob")));
        assertThat(peer.chapPacket()).isInstanceOf(ChapPacket.Failure.class);
        assertThat(peer.signals()).isEmpty();
    }

    @Test
    void pitfall23_chapAnsweredThoughPapWasAgreedIsIgnoredAndPapGoesOn() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.chap(new ChapPacket.Response(1, Bytes.of(new byte[16]), bytes("bob")));
        assertThat(peer.said).isEmpty();
        peer.pap("bob", "pwd");
        assertThat(peer.signals()).hasSize(1);
    }

    @Test
    void pitfall23_passwordIsNotTakenWhereAHashWasAsked() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.CHAP_MD5);
        peer.openLcp();
        peer.pap("bob", "pwd");
        assertThat(peer.said).isEmpty();
    }

    @Test
    void authenticationThatTakesTooLongFails() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.pass(Duration.ofSeconds(60));
        assertThat(peer.link.phase()).isEqualTo("terminate");
        peer.pass(Duration.ofSeconds(3));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.signals())
                .containsExactly(
                        new LinkOutput.LinkDown(LinkEnd.AUTHENTICATION_FAILED, "authentication took too long"));
    }

    @Test
    void anAnswerAboutAnEarlierPeerLetsNobodyElseIn() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.pap("alice", "right");
        peer.lcp(request(80, new LcpOption.MagicNumber(99)));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        peer.pap("mallory", "wrong");
        assertThat(peer.said).isEmpty();
        peer.decide(ACCEPTED); // about alice
        assertThat(peer.said)
                .containsExactly(
                        new LinkOutput.AuthenticationRequested(new Credentials.Pap("mallory", bytes("wrong"))));
        assertThat(peer.link.phase()).isEqualTo("authenticate");
        peer.decide(new AuthenticationOutcome.Rejected("wrong password"));
        assertThat(peer.link.phase()).isEqualTo("terminate");
    }

    @Test
    void decisionsThatNobodyAskedForAreIgnored() {
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.decide(ACCEPTED);
        assertThat(peer.said).isEmpty();
        assertThat(peer.link.phase()).isEqualTo("authenticate");
    }

    @Test
    void clientAnswersTheSameChallengeWithTheSameResponse() {
        ScriptedPeer peer = new ScriptedPeer(PppLink.client(
                SimulatedLine.settings(0), SimulatedLine.identity("pwd", AuthenticationMethod.MSCHAP_V2)));
        peer.take(peer.link.lowerUp(peer.now, peer.random));
        ControlPacket.ConfigureRequest theirs = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(request(2, new LcpOption.Authentication(PppProtocol.CHAP, Bytes.ofHex("81"))));
        peer.lcp(new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        ChapPacket challenge = new ChapPacket.Challenge(4, Bytes.of(new byte[16]), bytes("lns"));
        peer.chap(challenge);
        ChapPacket response = peer.chapPacket();
        peer.chap(challenge);
        assertThat(peer.chapPacket()).isEqualTo(response);
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.chapPacket()).isEqualTo(response);
        peer.chap(new ChapPacket.Failure(4, bytes("E=691 R=0")));
        assertThat(peer.packets(PppProtocol.LCP)).singleElement().isInstanceOf(ControlPacket.TerminateRequest.class);
    }

    @Test
    void namesAndPasswordsAreBoundedAndNeverPrinted() {
        assertThatThrownBy(() -> PppLink.client(
                        SimulatedLine.settings(0), SimulatedLine.identity("p".repeat(256), AuthenticationMethod.PAP)))
                .isInstanceOf(IllegalArgumentException.class);
        ScriptedPeer peer = ScriptedPeer.ofServer(AuthenticationMethod.PAP);
        peer.openLcp();
        peer.pap("bob", "topsecret");
        assertThat(peer.said.toString()).contains("bob").doesNotContain("topsecret");
    }
}
