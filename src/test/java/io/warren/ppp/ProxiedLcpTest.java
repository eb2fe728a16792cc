package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireWriter;
import io.warren.wire.l2tp.AccessLine;
import io.warren.wire.l2tp.ControlMessage;
import io.warren.wire.l2tp.ProxyAuthentication;
import io.warren.wire.ppp.ChapPacket;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PapPacket;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A LAC that has negotiated LCP and authenticated the peer before it called (RFC 2661 §4.4.5). */
class ProxiedLcpTest {
    private static final ProxyPolicy COMPATIBLE =
            new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT_IF_COMPATIBLE, ProxyPolicy.Credentials.ALL);
    private static final ProxyPolicy AS_IT_IS = new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT, ProxyPolicy.Credentials.ALL);
    private static final long LAC_MAGIC = 0xcafe0001L;
    private static final long PEER_MAGIC = 0xbeef0002L;
    private static final LcpOption.MagicNumber LAC = new LcpOption.MagicNumber(LAC_MAGIC);
    private static final LcpOption.MagicNumber PEER = new LcpOption.MagicNumber(PEER_MAGIC);
    private static final Bytes CHALLENGE = Bytes.ofHex("000102030405060708090a0b0c0d0e0f");
    private static final int ID = 41;
    private static final AuthenticationOutcome.Accepted GRANTED =
            new AuthenticationOutcome.Accepted(SimulatedLine.ASSIGNED, List.of(), List.of(), null);

    @Test
    void pitfall22_acceptedProxyLcpIsNotRestarted() {
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), confreq(PEER), pap("anna", "secret"));

        assertThat(peer.frames())
                .as("nothing is said before the user is verified")
                .isEmpty();
        Credentials shown = asked(peer);
        assertThat(shown).isEqualTo(new Credentials.Pap("anna", ScriptedPeer.bytes("secret")));
        assertThat(peer.link.phase()).isEqualTo("authenticate");

        peer.decide(GRANTED);
        assertThat(peer.packets(PppProtocol.LCP)).isEmpty();
        assertThat(peer.frames().getFirst().information())
                .isEqualTo(new PapPacket.AuthenticateAck(ID, ScriptedPeer.bytes("Welcome")).encode());
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(1);

        peer.openIpcp();
        LinkParameters parameters = ((LinkOutput.NetworkUp) peer.signals().getLast()).parameters();
        assertThat(parameters.localMagic()).isEqualTo(LAC_MAGIC);
        assertThat(parameters.peerMagic()).isEqualTo(PEER_MAGIC);
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void whatWasAgreedHolds() {
        Bytes received = confreq(
                new LcpOption.Mru(1492), new LcpOption.Accm(0), PEER, new LcpOption.Pfc(), new LcpOption.Acfc());
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), received, pap("anna", "secret"));
        peer.decide(GRANTED);
        peer.openIpcp();

        LinkParameters parameters = ((LinkOutput.NetworkUp) peer.signals().getLast()).parameters();
        assertThat(parameters.peerMru()).isEqualTo(1492);
        assertThat(parameters.peerPfc()).isTrue();
        assertThat(parameters.peerAcfc()).isTrue();

        peer.lcp(new ControlPacket.EchoRequest(3, PEER_MAGIC, Bytes.EMPTY));
        assertThat(peer.packets(PppProtocol.LCP))
                .containsExactly(new ControlPacket.EchoReply(3, LAC_MAGIC, Bytes.EMPTY));
    }

    @Test
    void aChapResponseIsVerifiedWithoutAChallengeOnTheWire() {
        Bytes response = ChapMd5.respond(ID, "secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII), CHALLENGE);
        ScriptedPeer peer = called(
                COMPATIBLE,
                asked(AuthenticationMethod.CHAP_MD5),
                confreq(PEER),
                new ProxyAuthentication(2, "anna", CHALLENGE, ID, response));

        assertThat(asked(peer)).isEqualTo(new Credentials.ChapMd5("anna", ID, CHALLENGE, response));
        peer.decide(GRANTED);
        assertThat(peer.chapPacket()).isEqualTo(new ChapPacket.Success(ID, ScriptedPeer.bytes("Welcome")));

        // The peer missed it: RFC 1994 §4.1 wants the same answer again.
        peer.chap(new ChapPacket.Response(ID, response, ScriptedPeer.bytes("anna")));
        assertThat(peer.chapPacket()).isEqualTo(new ChapPacket.Success(ID, ScriptedPeer.bytes("Welcome")));
    }

    @Test
    void msChapV2ComesAsTheChapThatItIs() {
        Bytes response = MsChapV2.respond(
                        CHALLENGE, CHALLENGE, "anna", "secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .response();
        ScriptedPeer peer = called(
                COMPATIBLE,
                asked(AuthenticationMethod.MSCHAP_V2),
                confreq(PEER),
                new ProxyAuthentication(2, "anna", CHALLENGE, ID, response));

        Credentials.MsChapV2 shown = (Credentials.MsChapV2) asked(peer);
        String proof = MsChapV2.verify(shown, "secret");
        assertThat(proof).isNotNull();
        peer.decide(new AuthenticationOutcome.Accepted(SimulatedLine.ASSIGNED, List.of(), List.of(), proof));
        assertThat(peer.chapPacket()).isEqualTo(new ChapPacket.Success(ID, ScriptedPeer.bytes(proof + " M=Welcome")));
    }

    @Test
    void wrongCredentialsEndTheLink() {
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), confreq(PEER), pap("anna", "wrong"));
        peer.decide(new AuthenticationOutcome.Rejected("wrong password"));

        assertThat(peer.frames().getFirst().information())
                .isEqualTo(new PapPacket.AuthenticateNak(ID, ScriptedPeer.bytes("Authentication failed")).encode());
        assertThat(peer.packets(PppProtocol.LCP).getFirst()).isInstanceOf(ControlPacket.TerminateRequest.class);
    }

    @Test
    void pitfall22_aChallengeOfOursHasAnotherIdThanTheProxiedOne() {
        for (ProxyPolicy policy : List.of(
                new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT, ProxyPolicy.Credentials.NONE),
                new ProxyPolicy(ProxyPolicy.Lcp.ACCEPT, ProxyPolicy.Credentials.PASSWORDS))) {
            ScriptedPeer peer = called(
                    policy,
                    asked(AuthenticationMethod.CHAP_MD5),
                    confreq(PEER),
                    new ProxyAuthentication(2, "anna", CHALLENGE, ID, CHALLENGE));

            assertThat(peer.packets(PppProtocol.LCP)).as("no LCP restart").isEmpty();
            ChapPacket.Challenge challenge = (ChapPacket.Challenge) peer.chapPacket();
            assertThat(challenge.id()).isEqualTo(ID + 1);
            assertThat(challenge.value()).isNotEqualTo(CHALLENGE);
            assertThat(peer.signals()).isEmpty();
        }
    }

    @Test
    void pitfall22_afterARestartOfLcpTheIdGoesOnToo() {
        ScriptedPeer peer = called(
                SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.CHAP_MD5),
                new ProxyPolicy(ProxyPolicy.Lcp.RENEGOTIATE, ProxyPolicy.Credentials.ALL),
                asked(AuthenticationMethod.CHAP_MD5),
                confreq(PEER),
                new ProxyAuthentication(2, "anna", CHALLENGE, 255, CHALLENGE));

        peer.openLcp();
        assertThat(((ChapPacket.Challenge) peer.chapPacket()).id()).isZero();
    }

    @Test
    void aPeerThatBeginsLcpAnewIsFollowed() {
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), confreq(PEER), pap("anna", "secret"));
        peer.decide(GRANTED);
        peer.openIpcp();

        peer.lcp(ScriptedPeer.request(9, PEER));
        assertThat(peer.signals()).hasExactlyElementsOfTypes(LinkOutput.NetworkDown.class);
        assertThat(peer.packets(PppProtocol.LCP))
                .hasAtLeastOneElementOfType(ControlPacket.ConfigureRequest.class)
                .contains(new ControlPacket.ConfigureAck(9, List.of(PEER.encode())));
        ControlPacket.ConfigureRequest ours = peer.lastRequest(PppProtocol.LCP);
        peer.lcp(new ControlPacket.ConfigureAck(ours.id(), ours.options()));
        peer.pap("anna", "secret");
        assertThat(asked(peer)).isInstanceOf(Credentials.Pap.class);
    }

    @Test
    void aLateAnswerAboutProxiedCredentialsLetsNobodyInAfterARestart() {
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), confreq(PEER), pap("anna", "secret"));
        peer.openLcp();
        peer.decide(GRANTED);

        assertThat(peer.link.phase()).isEqualTo("authenticate");
        assertThat(peer.packets(PppProtocol.IPCP)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AuthenticationMethod.class)
    void aMethodThatIsNotOursMeansNegotiatingAnew(AuthenticationMethod lacs) {
        AuthenticationMethod[] ours = java.util.Arrays.stream(AuthenticationMethod.values())
                .filter(method -> method != lacs)
                .toArray(AuthenticationMethod[]::new);
        for (ProxyPolicy policy : List.of(COMPATIBLE, AS_IT_IS)) {
            ProxiedLcp proxied = judged(
                    policy,
                    SimulatedLine.settings(SimulatedLine.GATEWAY, ours),
                    iccn(asked(lacs), confreq(PEER), null));
            assertThat(proxied.agreed()).isNull();
            assertThat(proxied.complaint()).contains("authentication method");
        }
    }

    @Test
    void aLinkWithoutAuthenticationIsNotTakenWhereWeAskForIt() {
        for (ProxyPolicy policy : List.of(COMPATIBLE, AS_IT_IS)) {
            ProxiedLcp proxied =
                    judged(policy, confreq(LAC), confreq(PEER), new ProxyAuthentication(4, null, null, null, null));
            assertThat(proxied.agreed()).isNull();
        }
    }

    @Test
    void aLargerMruIsTakenOnlyAsItIs() {
        Bytes sent = confreq(new LcpOption.Mru(1501), AuthenticationOption.of(AuthenticationMethod.PAP), LAC);
        assertThat(judged(COMPATIBLE, sent, confreq(PEER), pap("a", "b")).complaint())
                .contains("MRU");
        assertThat(judged(AS_IT_IS, sent, confreq(PEER), pap("a", "b")).agreed())
                .isNotNull();
    }

    @Test
    void unknownOptionsAreNotTaken() {
        LcpOption mrru = new LcpOption.Other(new ConfigurationOption(17, Bytes.ofHex("05dc")));
        LcpOption discriminator = new LcpOption.Other(new ConfigurationOption(19, Bytes.ofHex("0141")));
        for (ProxyPolicy policy : List.of(COMPATIBLE, AS_IT_IS)) {
            assertThat(judged(policy, asked(AuthenticationMethod.PAP), confreq(PEER, mrru), pap("a", "b"))
                            .agreed())
                    .isNull();
            assertThat(judged(policy, confreq(LAC, mrru), confreq(PEER), pap("a", "b"))
                            .agreed())
                    .isNull();
        }
        Bytes named = confreq(PEER, discriminator);
        assertThat(judged(COMPATIBLE, asked(AuthenticationMethod.PAP), named, pap("a", "b"))
                        .agreed())
                .isNull();
        assertThat(judged(AS_IT_IS, asked(AuthenticationMethod.PAP), named, pap("a", "b"))
                        .agreed())
                .isNotNull();
    }

    @Test
    void aLoopedLineIsNotTaken() {
        Bytes sent = asked(AuthenticationMethod.PAP);
        assertThat(judged(AS_IT_IS, sent, confreq(LAC), pap("a", "b")).agreed()).isNull();
        assertThat(judged(AS_IT_IS, sent, confreq(new LcpOption.MagicNumber(0)), pap("a", "b"))
                        .agreed())
                .isNull();
    }

    @Test
    void aPeerThatWantsUsToAuthenticateIsNotTaken() {
        Bytes wants = confreq(PEER, AuthenticationOption.of(AuthenticationMethod.CHAP_MD5));
        assertThat(judged(AS_IT_IS, asked(AuthenticationMethod.PAP), wants, pap("a", "b"))
                        .agreed())
                .isNull();
    }

    @Test
    void withPapOnlyLcpCanBeginAnewWhenThePasswordIsMissing() {
        Bytes sent = asked(AuthenticationMethod.PAP);
        List<@Nullable ProxyAuthentication> useless = java.util.Arrays.asList(
                null,
                new ProxyAuthentication(3, "anna", null, null, ScriptedPeer.bytes("x")),
                new ProxyAuthentication(3, null, null, 1, ScriptedPeer.bytes("x")),
                new ProxyAuthentication(3, "anna", null, 1, null),
                new ProxyAuthentication(2, "anna", CHALLENGE, 1, CHALLENGE),
                new ProxyAuthentication(5, "anna", CHALLENGE, 1, CHALLENGE),
                new ProxyAuthentication(1, "anna", null, 1, ScriptedPeer.bytes("x")));
        for (ProxyAuthentication proxy : useless) {
            ProxiedLcp proxied = judged(AS_IT_IS, sent, confreq(PEER), proxy);
            assertThat(proxied.agreed()).as("%s", proxy).isNull();
            assertThat(proxied.complaint()).startsWith("proxy LCP not taken");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0100", "01", "010405", "0304c223", "ffff", "0305c22305050606deadbeef00"})
    void hostileConfreqsBeginLcpAnew(String hex) {
        Bytes octets = Bytes.ofHex(hex);
        for (ProxyPolicy policy : List.of(COMPATIBLE, AS_IT_IS)) {
            ScriptedPeer peer = called(policy, octets, octets, pap("anna", "secret"));
            assertThat(peer.lastRequest(PppProtocol.LCP)).isNotNull();
            assertThat(peer.signals()).isEmpty();
        }
    }

    @Test
    void randomAvpsNeverThrow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Bytes sent = random.nextInt(4) == 0 ? asked(AuthenticationMethod.CHAP_MD5) : octets(random, 30);
            ProxyAuthentication proxy = new ProxyAuthentication(
                    random.nextInt(8), "u", octets(random, 60), random.nextInt(256), octets(random, 60));
            ControlMessage.Iccn iccn = iccn(sent, octets(random, 30), proxy);
            ProxiedLcp proxied = judged(AS_IT_IS, SimulatedLine.settings(1, AuthenticationMethod.values()), iccn);
            assertThat(proxied.agreed() != null || proxied.complaint() != null)
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void aLacThatSaysNothingIsNotComplainedAbout() {
        ControlMessage.Iccn iccn = iccn(null, null, null);
        ProxiedLcp proxied = judged(COMPATIBLE, SimulatedLine.settings(1, AuthenticationMethod.PAP), iccn);
        assertThat(proxied.agreed()).isNull();
        assertThat(proxied.complaint()).isNull();
        ControlMessage.Iccn half = iccn(asked(AuthenticationMethod.PAP), null, null);
        assertThat(judged(COMPATIBLE, SimulatedLine.settings(1, AuthenticationMethod.PAP), half)
                        .complaint())
                .contains("missing");
    }

    @Test
    void authenticationThatTakesTooLongEndsALinkThatWasTaken() {
        ScriptedPeer peer = called(COMPATIBLE, asked(AuthenticationMethod.PAP), confreq(PEER), pap("anna", "secret"));
        peer.pass(Duration.ofSeconds(61));
        assertThat(peer.packets(PppProtocol.LCP)).hasAtLeastOneElementOfType(ControlPacket.TerminateRequest.class);
    }

    private static ScriptedPeer called(
            ProxyPolicy policy, Bytes sent, Bytes received, @Nullable ProxyAuthentication proxy) {
        return called(
                SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.values()),
                policy,
                sent,
                received,
                proxy);
    }

    private static ScriptedPeer called(
            LinkSettings settings,
            ProxyPolicy policy,
            Bytes sent,
            Bytes received,
            @Nullable ProxyAuthentication proxy) {
        ScriptedPeer peer = new ScriptedPeer(PppLink.server(settings));
        peer.take(peer.link.lowerUp(judged(policy, settings, iccn(sent, received, proxy)), peer.now, peer.random));
        return peer;
    }

    private static ProxiedLcp judged(
            ProxyPolicy policy, Bytes sent, Bytes received, @Nullable ProxyAuthentication proxy) {
        LinkSettings settings = SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.values());
        return judged(policy, settings, iccn(sent, received, proxy));
    }

    private static ProxiedLcp judged(ProxyPolicy policy, LinkSettings settings, ControlMessage.Iccn iccn) {
        return ProxiedLcp.of(iccn, policy, settings, new Random(1));
    }

    private static Credentials asked(ScriptedPeer peer) {
        return ((LinkOutput.AuthenticationRequested) peer.signals().getLast()).credentials();
    }

    private static Bytes asked(AuthenticationMethod method) {
        return confreq(AuthenticationOption.of(method), LAC);
    }

    private static ProxyAuthentication pap(String user, String password) {
        return new ProxyAuthentication(3, user, null, ID, ScriptedPeer.bytes(password));
    }

    private static Bytes octets(Random random, int most) {
        byte[] octets = new byte[random.nextInt(most)];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }

    private static Bytes confreq(LcpOption... options) {
        WireWriter writer = new WireWriter();
        for (LcpOption option : options) {
            ConfigurationOption plain = option.encode();
            writer.u8(plain.type()).u8(plain.data().length() + 2).bytes(plain.data());
        }
        return writer.toBytes();
    }

    private static ControlMessage.Iccn iccn(
            @Nullable Bytes sent, @Nullable Bytes received, @Nullable ProxyAuthentication proxy) {
        return new ControlMessage.Iccn(
                1, 1, received, sent, received, proxy, null, null, false, AccessLine.NONE, List.of());
    }
}
