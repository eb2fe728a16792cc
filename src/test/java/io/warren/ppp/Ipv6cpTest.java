package io.warren.ppp;

import static io.warren.ppp.SimulatedLine.ASSIGNED;
import static io.warren.ppp.SimulatedLine.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.IpcpOption;
import io.warren.wire.ppp.Ipv6cpOption;
import io.warren.wire.ppp.LcpOption;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 5072 §4.1, and what is left of a link when IPv4 or IPv6 is not wanted. */
class Ipv6cpTest {
    private static final long THEIRS = 0x0211_22ff_fe33_4455L;
    private static final long UNIVERSAL = 1L << 57;

    @Test
    void bothEndsAgreeOnTwoIdentifiersAndOnAddresses() {
        SimulatedLine line = new SimulatedLine(
                        PppLink.server(serverSettings()),
                        PppLink.client(
                                SimulatedLine.settings(0).withIpv6(true),
                                SimulatedLine.identity("clientPass", AuthenticationMethod.PAP)),
                        1)
                .bothUp()
                .run(Duration.ofSeconds(5));
        LinkParameters server =
                SimulatedLine.last(line.serverSaid, LinkOutput.NetworkUp.class).parameters();
        LinkParameters client =
                SimulatedLine.last(line.clientSaid, LinkOutput.NetworkUp.class).parameters();
        assertThat(server.withoutIpv4()).isFalse();
        assertThat(server.peerAddress()).isEqualTo(ASSIGNED);
        Ipv6Parameters six = server.ipv6();
        assertThat(six).isNotNull();
        assertThat(client.ipv6()).isEqualTo(new Ipv6Parameters(six.peerIdentifier(), six.localIdentifier()));
        assertThat(six.localIdentifier()).isNotZero().isNotEqualTo(six.peerIdentifier());
        assertThat(six.localIdentifier() & UNIVERSAL).isZero();
    }

    @Test
    void pitfall_aZeroIdentifierIsNakedWithASuggestion() {
        ScriptedPeer peer = inNetworkPhase();
        ipv6cp(peer, request(1, 0));
        long suggested = suggestion(peer);
        assertThat(suggested).isNotZero();
        ipv6cp(peer, request(2, suggested));
        assertThat(peer.packets(PppProtocol.IPV6CP))
                .containsExactly(new ControlPacket.ConfigureAck(2, options(suggested)));
    }

    @Test
    void pitfall_ourOwnIdentifierInThePeersRequestIsACollision() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest first = peer.lastRequest(PppProtocol.IPV6CP);
        long ours = identifier(first.options());
        ipv6cp(peer, request(1, ours));
        long suggested = suggestion(peer);
        assertThat(suggested).isNotEqualTo(ours).isNotZero();
        // The peer drew the same once more, and says so: we draw anew.
        ipv6cp(peer, new ControlPacket.ConfigureNak(first.id(), options(suggested)));
        long next = identifier(peer.lastRequest(PppProtocol.IPV6CP).options());
        assertThat(next).isNotEqualTo(suggested).isNotEqualTo(ours).isNotZero();
    }

    @Test
    void aSuggestionOfThePeersIsTaken() {
        ScriptedPeer peer = inNetworkPhase();
        ipv6cp(
                peer,
                new ControlPacket.ConfigureNak(
                        peer.lastRequest(PppProtocol.IPV6CP).id(), options(42)));
        assertThat(identifier(peer.lastRequest(PppProtocol.IPV6CP).options())).isEqualTo(42);
    }

    @Test
    void pitfall_aPeerWithoutTheOptionIsToldOnceAndThenAcknowledged() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest bare = new ControlPacket.ConfigureRequest(1, List.of());
        ipv6cp(peer, bare);
        assertThat(suggestion(peer)).isNotZero();
        ipv6cp(peer, bare);
        assertThat(peer.packets(PppProtocol.IPV6CP)).containsExactly(new ControlPacket.ConfigureAck(1, List.of()));
    }

    @Test
    void pitfall_afterARejectOurRequestIsWithoutTheOption() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest first = peer.lastRequest(PppProtocol.IPV6CP);
        ipv6cp(peer, new ControlPacket.ConfigureReject(first.id(), first.options()));
        assertThat(peer.lastRequest(PppProtocol.IPV6CP).options()).isEmpty();
    }

    @Test
    void compressionIsRejectedAndAWrongLengthIsCorrected() {
        ScriptedPeer peer = inNetworkPhase();
        ConfigurationOption compression = new ConfigurationOption(Ipv6cpOption.IPV6_COMPRESSION, Bytes.of((byte) 0));
        ipv6cp(peer, new ControlPacket.ConfigureRequest(1, List.of(compression)));
        assertThat(peer.packets(PppProtocol.IPV6CP))
                .containsExactly(new ControlPacket.ConfigureReject(1, List.of(compression)));
        ConfigurationOption four = new ConfigurationOption(Ipv6cpOption.INTERFACE_IDENTIFIER, Bytes.ofHex("00000001"));
        ipv6cp(peer, new ControlPacket.ConfigureRequest(2, List.of(four)));
        assertThat(suggestion(peer)).isNotZero();
    }

    @Test
    void anAssignedIdentifierIsInsistedOn() {
        ScriptedPeer peer = authenticating();
        peer.decide(new AuthenticationOutcome.Accepted(ASSIGNED, List.of(), List.of(), null, 7, null));
        ipv6cp(peer, request(1, THEIRS));
        assertThat(suggestion(peer)).isEqualTo(7);
    }

    @Test
    void pitfall_aClientThatRejectsIpv6cpKeepsIpv4() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest four = peer.lastRequest(PppProtocol.IPCP);
        reject(peer, PppProtocol.IPV6CP);
        assertThat(peer.said).isEmpty();
        peer.ipcp(new ControlPacket.ConfigureAck(four.id(), four.options()));
        askForIpv4(peer);
        LinkParameters up = up(peer);
        assertThat(up.withoutIpv4()).isFalse();
        assertThat(up.ipv6()).isNull();
        for (int i = 0; i < 20; i++) {
            passAlive(peer);
            assertThat(peer.packets(PppProtocol.IPV6CP)).isEmpty();
        }
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void anIpv6OnlyClientThatRejectsIpcpKeepsIpv6() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest six = peer.lastRequest(PppProtocol.IPV6CP);
        reject(peer, PppProtocol.IPCP);
        LinkParameters up = openIpv6cp(peer, six);
        assertThat(up.withoutIpv4()).isTrue();
        assertThat(up.peerAddress()).as("as it would be").isEqualTo(ASSIGNED);
        assertThat(up.ipv6()).isEqualTo(new Ipv6Parameters(identifier(six.options()), THEIRS));
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void anIpv6OnlyClientThatIgnoresIpcpKeepsIpv6AndMayChangeItsMind() {
        ScriptedPeer peer = inNetworkPhase();
        openIpv6cp(peer, peer.lastRequest(PppProtocol.IPV6CP));
        for (int i = 0; i < 40; i++) {
            passAlive(peer);
        }
        assertThat(peer.link.phase()).isEqualTo("open");
        askForIpv4(peer);
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(2);
    }

    @Test
    void theLinkIsOverWhenTheLastOfTheTwoIsGone() {
        ScriptedPeer peer = inNetworkPhase();
        reject(peer, PppProtocol.IPV6CP);
        reject(peer, PppProtocol.IPCP);
        assertThat(peer.packets(PppProtocol.LCP).getFirst()).isInstanceOf(ControlPacket.TerminateRequest.class);
    }

    @Test
    void oneProtocolLeavingIsNewParametersAndTheOtherOneLeavingIsNetworkDown() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest six = peer.lastRequest(PppProtocol.IPV6CP);
        peer.openIpcp();
        openIpv6cp(peer, six);
        peer.ipcp(new ControlPacket.TerminateRequest(5, Bytes.EMPTY));
        assertThat(up(peer).withoutIpv4()).isTrue();
        assertThat(up(peer).ipv6()).isNotNull();
        ipv6cp(peer, new ControlPacket.TerminateRequest(6, Bytes.EMPTY));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("peer closed IPv6CP"));
    }

    @Test
    void lcpAnewIsOneNetworkDownForBoth() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest six = peer.lastRequest(PppProtocol.IPV6CP);
        peer.openIpcp();
        openIpv6cp(peer, six);
        peer.lcp(ScriptedPeer.request(9, new LcpOption.MagicNumber(99)));
        assertThat(peer.signals()).containsExactly(new LinkOutput.NetworkDown("re-negotiation"));
    }

    @Test
    void withoutIpv6InTheSettingsItsProtocolsAreRejected() {
        ScriptedPeer peer = ScriptedPeer.open();
        for (int protocol : List.of(PppProtocol.IPV6CP, PppProtocol.IPV6)) {
            peer.send(new PppFrame(protocol, request(1, THEIRS).encode()).encode());
            assertThat(peer.packets(PppProtocol.LCP).getFirst())
                    .isInstanceOfSatisfying(
                            ControlPacket.ProtocolReject.class,
                            reject -> assertThat(reject.protocol()).isEqualTo(protocol));
        }
    }

    @Test
    void pitfall_aPeerWhoseMruIsBelow1280HasNoIpv6() {
        ScriptedPeer peer = ScriptedPeer.of(serverSettings());
        peer.openLcp(new LcpOption.Mru(1279));
        peer.pap("User", "clientPass");
        peer.decide(new AuthenticationOutcome.Accepted(ASSIGNED, List.of(), List.of(), null));
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(1);
        assertThat(peer.packets(PppProtocol.IPV6CP)).isEmpty();
    }

    @Test
    void packetsAreHandedOnOnlyWhileIpv6cpIsOpen() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest six = peer.lastRequest(PppProtocol.IPV6CP);
        Bytes packet = Bytes.ofHex("60000000");
        peer.send(new PppFrame(PppProtocol.IPV6, packet).encode());
        assertThat(peer.said).isEmpty();
        openIpv6cp(peer, six);
        peer.send(new PppFrame(PppProtocol.IPV6, packet).encode());
        assertThat(peer.said).containsExactly(new LinkOutput.PacketReceived(packet));
    }

    @Test
    void aResumedLinkGoesOnWithBoth() {
        ScriptedPeer peer = inNetworkPhase();
        ControlPacket.ConfigureRequest six = peer.lastRequest(PppProtocol.IPV6CP);
        peer.openIpcp();
        LinkParameters agreed = openIpv6cp(peer, six);
        ScriptedPeer moved = new ScriptedPeer(PppLink.resumed(serverSettings(), agreed, peer.now));
        assertThat(moved.link.phase()).isEqualTo("open");
        moved.send(new PppFrame(PppProtocol.IPV6, Bytes.ofHex("6000")).encode());
        assertThat(moved.said).containsExactly(new LinkOutput.PacketReceived(Bytes.ofHex("6000")));
        moved.pass(Duration.ofSeconds(5));
        assertThat(moved.said).isEmpty();
    }

    @Test
    void aLinkResumedWithoutIpv6AsksForItOnceMore() {
        LinkParameters agreed = new LinkParameters(1, 2, 1500, 1500, false, false, GATEWAY, 5, List.of());
        ScriptedPeer peer = new ScriptedPeer(PppLink.resumed(serverSettings(), agreed, 5_000_000_000L));
        peer.pass(Duration.ofSeconds(3));
        assertThat(identifier(peer.lastRequest(PppProtocol.IPV6CP).options())).isNotZero();
        reject(peer, PppProtocol.IPV6CP);
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void aLinkResumedWithIpv6AloneGoesOn() {
        LinkParameters agreed = new LinkParameters(
                1, 2, 1500, 1500, false, false, GATEWAY, 5, List.of(), true, new Ipv6Parameters(3, 4));
        ScriptedPeer peer = new ScriptedPeer(PppLink.resumed(serverSettings(), agreed, 5_000_000_000L));
        peer.pass(Duration.ofSeconds(3));
        assertThat(peer.packets(PppProtocol.IPCP)).hasSize(1);
        reject(peer, PppProtocol.IPCP);
        assertThat(peer.signals()).isEmpty();
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void anyOctetsAtAllInIpv6cpDoNotHurt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ScriptedPeer fresh = inNetworkPhase();
        PppLink link = fresh.link;
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(40)];
            random.nextBytes(octets);
            if (octets.length > 4) {
                octets[0] = (byte) random.nextInt(12);
                octets[2] = 0;
                octets[3] = (byte) octets.length;
            }
            try {
                fresh.link = link;
                fresh.send(new PppFrame(PppProtocol.IPV6CP, Bytes.of(octets)).encode());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static LinkSettings serverSettings() {
        return SimulatedLine.settings(GATEWAY, AuthenticationMethod.PAP).withIpv6(true);
    }

    private static ScriptedPeer authenticating() {
        ScriptedPeer peer = ScriptedPeer.of(serverSettings());
        peer.openLcp();
        peer.pap("User", "clientPass");
        return peer;
    }

    private static ScriptedPeer inNetworkPhase() {
        ScriptedPeer peer = authenticating();
        peer.decide(new AuthenticationOutcome.Accepted(ASSIGNED, List.of(), List.of(), null));
        return peer;
    }

    private static LinkParameters openIpv6cp(ScriptedPeer peer, ControlPacket.ConfigureRequest theirs) {
        ipv6cp(peer, new ControlPacket.ConfigureAck(theirs.id(), theirs.options()));
        ipv6cp(peer, request(79, THEIRS));
        return up(peer);
    }

    private static void askForIpv4(ScriptedPeer peer) {
        peer.ipcp(ScriptedPeer.request(78, new IpcpOption.IpAddress(ASSIGNED)));
    }

    /** The restart timer runs out, and the peer shows that it is there. */
    private static void passAlive(ScriptedPeer peer) {
        peer.lcp(new ControlPacket.EchoRequest(1, 5, Bytes.EMPTY));
        peer.pass(Duration.ofSeconds(3));
    }

    private static LinkParameters up(ScriptedPeer peer) {
        return ((LinkOutput.NetworkUp) peer.signals().getFirst()).parameters();
    }

    private static void reject(ScriptedPeer peer, int protocol) {
        peer.lcp(new ControlPacket.ProtocolReject(3, protocol, Bytes.EMPTY));
    }

    private static void ipv6cp(ScriptedPeer peer, ControlPacket packet) {
        peer.send(new PppFrame(PppProtocol.IPV6CP, packet.encode()).encode());
    }

    private static ControlPacket.ConfigureRequest request(int id, long identifier) {
        return new ControlPacket.ConfigureRequest(id, options(identifier));
    }

    private static List<ConfigurationOption> options(long identifier) {
        return List.of(new Ipv6cpOption.InterfaceIdentifier(identifier).encode());
    }

    /** What our Nak says, which must be the answer. */
    private static long suggestion(ScriptedPeer peer) {
        return identifier(
                ((ControlPacket.ConfigureNak) peer.packets(PppProtocol.IPV6CP).getFirst()).options());
    }

    private static long identifier(List<ConfigurationOption> options) {
        return ((Ipv6cpOption.InterfaceIdentifier) Ipv6cpOption.of(options.getFirst())).identifier();
    }
}
