package io.warren.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.mppe.Strength;
import io.warren.wire.ppp.CcpOption;
import io.warren.wire.ppp.ConfigurationOption;
import io.warren.wire.ppp.ControlPacket;
import io.warren.wire.ppp.PppFrame;
import io.warren.wire.ppp.PppProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deflate's option in CCP (RFC 1979 §3), resets (RFC 1962 §3), and what becomes of both beside MPPE. */
class DeflateCcpTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ConfigurationOption DEFLATE = deflate(15);
    private static final ConfigurationOption DRAFT = new ConfigurationOption(24, Bytes.ofHex("7800"));
    private static final ConfigurationOption BSD = new ConfigurationOption(21, Bytes.ofHex("2f"));
    private static final ConfigurationOption MPPE = new CcpOption.Mppe(0x0100_0040).encode();

    /** server, client: compressed both ways, or not at all, or is there no link? */
    @ParameterizedTest
    @CsvSource({
        "OFF, OFF, clear",
        "OFF, ALLOW, clear",
        "OFF, PREFER, clear",
        "OFF, REQUIRE, none",
        "ALLOW, OFF, clear",
        "ALLOW, ALLOW, clear",
        "ALLOW, PREFER, compressed",
        "ALLOW, REQUIRE, compressed",
        "PREFER, OFF, clear",
        "PREFER, ALLOW, compressed",
        "PREFER, PREFER, compressed",
        "REQUIRE, OFF, none",
        "REQUIRE, ALLOW, compressed",
        "REQUIRE, REQUIRE, compressed"
    })
    void whatTheTwoPoliciesLeadTo(DeflatePolicy.Use server, DeflatePolicy.Use client, String expected) {
        SimulatedLine line = line(server, client).run(MINUTE);
        switch (expected) {
            case "none" -> {
                assertThat(line.server.phase()).isEqualTo("dead");
                List<LinkOutput.LinkDown> ends = SimulatedLine.only(line.serverSaid, LinkOutput.LinkDown.class);
                List<LinkOutput.LinkDown> others = SimulatedLine.only(line.clientSaid, LinkOutput.LinkDown.class);
                assertThat(ends.getFirst().reason() + others.getFirst().reason())
                        .contains("Deflate is required");
            }
            case "clear" -> {
                assertThat(line.server.phase()).isEqualTo("open");
                assertThat(line.server.deflate()).isNull();
                assertThat(line.client.deflate()).isNull();
            }
            default -> {
                assertThat(line.server.phase()).isEqualTo("open");
                for (PppLink link : List.of(line.server, line.client)) {
                    assertThat(session(link).send()).isTrue();
                    assertThat(session(link).receive()).isTrue();
                }
            }
        }
    }

    /** RFC 1962 §4: the option of a request says how its sender receives. */
    @Test
    void eachDirectionIsAgreedUponByItself() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        assertThat(peer.says(request(1, DEFLATE))).contains(ack(1, DEFLATE));
        peer.says(new ControlPacket.ConfigureReject(
                peer.asked().id(), peer.asked().options()));
        assertThat(peer.asked().options()).isEmpty();
        peer.says(new ControlPacket.ConfigureAck(peer.asked().id(), List.of()));
        assertThat(session(peer.link).send()).isTrue();
        assertThat(session(peer.link).receive()).isFalse();
    }

    @Test
    void theOtherDirectionAlone() {
        Peer peer = new Peer(DeflatePolicy.Use.PREFER);
        peer.says(new ControlPacket.ConfigureAck(peer.asked().id(), peer.asked().options()));
        assertThat(peer.says(request(1))).containsExactly(new ControlPacket.ConfigureNak(1, List.of(DEFLATE)));
        assertThat(peer.says(request(2))).containsExactly(ack(2));
        assertThat(session(peer.link).send()).isFalse();
        assertThat(session(peer.link).receive()).isTrue();
    }

    /** pppd's first request: Deflate, Deflate as in the draft, and BSD compress. */
    @Test
    void pppdIsLeftWithDeflateAlone() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        assertThat(peer.says(request(1, DEFLATE, DRAFT, BSD)))
                .contains(new ControlPacket.ConfigureReject(1, List.of(DRAFT, BSD)));
        assertThat(peer.says(request(2, DEFLATE))).contains(ack(2, DEFLATE));
    }

    /** Our compressor looks back on 2^15 octets, whatever the peer would like. */
    @ParameterizedTest
    @ValueSource(strings = {"0800", "6800", "f800", "7700", "7801"})
    void anotherWindowMethodOrCheckIsNaked(String data) {
        CcpNegotiation ours = CcpNegotiation.of(new DeflatePolicy(DeflatePolicy.Use.ALLOW, 15));
        ConfigurationOption option = new ConfigurationOption(26, Bytes.ofHex(data));
        assertThat(answered(ours, option))
                .isEqualTo(new Negotiation.Verdict.Nak<>(
                        ours.judge(List.of(), new Random(1)).next(), List.of(DEFLATE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "78", "780000"})
    void anOptionOfAnotherLengthIsRejected(String data) {
        CcpNegotiation ours = CcpNegotiation.of(new DeflatePolicy(DeflatePolicy.Use.ALLOW, 15));
        ConfigurationOption option = new ConfigurationOption(26, Bytes.ofHex(data));
        assertThat(ours.judge(List.of(option), new Random(1))).isInstanceOf(Negotiation.Verdict.Reject.class);
    }

    @Test
    void theWindowOfTheSettingsIsAskedForAndThePeersTaken() {
        CcpNegotiation ours = CcpNegotiation.of(new DeflatePolicy(DeflatePolicy.Use.REQUIRE, 10));
        assertThat(ours.request()).containsExactly(deflate(10));
        assertThat(ours.naked(List.of(deflate(13)), new Random(1)).request()).containsExactly(deflate(13));
        ConfigurationOption unknown = new ConfigurationOption(26, Bytes.ofHex("7f00"));
        assertThat(ours.naked(List.of(unknown), new Random(1)).failure()).isNotNull();
        assertThat(ours.rejected(List.of(deflate(10))).failure()).isNotNull();
    }

    /** The network is there at once, and is told when packets are compressed. */
    @Test
    void nobodyWaitsForCompression() {
        Peer peer = new Peer(DeflatePolicy.Use.PREFER);
        assertThat(peer.link.phase()).isEqualTo("open");
        assertThat(peer.link.deflate()).isNull();
        peer.open();
        assertThat(peer.said)
                .filteredOn(LinkOutput.CompressionChanged.class::isInstance)
                .hasSize(1);
        assertThat(peer.said).noneMatch(LinkOutput.NetworkUp.class::isInstance);
    }

    @Test
    void ccpNegotiatedAnewIsAnotherSessionAndLeavesTheNetworkAlone() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        peer.open();
        long before = session(peer.link).id();
        peer.said.clear();
        peer.says(request(9, DEFLATE));
        assertThat(peer.link.deflate()).isNull();
        peer.says(new ControlPacket.ConfigureAck(peer.asked().id(), peer.asked().options()));
        assertThat(session(peer.link).id()).isNotEqualTo(before);
        assertThat(peer.said)
                .noneMatch(said -> said instanceof LinkOutput.NetworkUp || said instanceof LinkOutput.NetworkDown);
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    /** RFC 1962 §3: the Ack has the Request's identifier. */
    @Test
    void aResetRequestIsAnswered() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        peer.open();
        assertThat(peer.says(new ControlPacket.Unknown(14, 77, Bytes.EMPTY)))
                .containsExactly(new ControlPacket.Unknown(15, 77, Bytes.EMPTY));
    }

    @Test
    void aPacketThatCannotBeOpenedLeadsToOneResetRequestAtATime() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        peer.open();
        assertThat(peer.compressed())
                .singleElement()
                .satisfies(packet -> assertThat(packet.code()).isEqualTo(14));
        assertThat(peer.compressed()).isEmpty();
        peer.now += Duration.ofMillis(200).toNanos();
        assertThat(peer.compressed()).hasSize(1);
    }

    @Test
    void aPeerWhosePacketsGetLostAllTheTimeShallNotCompress() {
        Peer peer = new Peer(DeflatePolicy.Use.REQUIRE);
        peer.open();
        int resets = 0;
        List<ControlPacket> sent = List.of();
        for (int n = 0; n < 100 && session(peer.link).receive(); n++) {
            peer.now += Duration.ofMillis(200).toNanos();
            sent = peer.compressed();
            if (sent.getFirst() instanceof ControlPacket.ConfigureRequest) {
                break;
            }
            resets++;
        }
        assertThat(resets).isBetween(20, 25);
        assertThat(sent)
                .first()
                .isInstanceOfSatisfying(
                        ControlPacket.ConfigureRequest.class,
                        again -> assertThat(again.options()).isEmpty());
        peer.says(new ControlPacket.ConfigureAck(peer.asked().id(), List.of()));
        peer.says(request(50, DEFLATE));
        assertThat(session(peer.link).send()).isTrue();
        assertThat(session(peer.link).receive()).isFalse();
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    /** After a restart: in the clear, until a packet shows that the peer still compresses. */
    @Test
    void aResumedLinkNegotiatesCcpAloneWhenThePeerStillCompresses() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        peer.open();
        peer.resume(DeflatePolicy.Use.ALLOW);
        assertThat(peer.link.deflate()).isNull();
        assertThat(peer.compressed())
                .singleElement()
                .isInstanceOfSatisfying(
                        ControlPacket.ConfigureRequest.class,
                        again -> assertThat(again.options()).containsExactly(DEFLATE));
        assertThat(peer.compressed()).as("once").hasSizeLessThan(2);
        peer.open();
        assertThat(session(peer.link).receive()).isTrue();
        assertThat(peer.link.phase()).isEqualTo("open");
    }

    @Test
    void aResumedLinkAnswersAPeerThatBegins() {
        Peer peer = new Peer(DeflatePolicy.Use.ALLOW);
        peer.resume(DeflatePolicy.Use.ALLOW);
        peer.open();
        assertThat(session(peer.link).send()).isTrue();
    }

    @Test
    void aClosedCcpEndsTheLinkOnlyWhereDeflateIsRequired() {
        for (DeflatePolicy.Use use : List.of(DeflatePolicy.Use.PREFER, DeflatePolicy.Use.REQUIRE)) {
            Peer peer = new Peer(use);
            peer.open();
            peer.says(new ControlPacket.TerminateRequest(5, Bytes.EMPTY));
            peer.now += Duration.ofSeconds(4).toNanos();
            peer.step(peer.link.tick(peer.now, peer.random));
            assertThat(peer.link.deflate()).isNull();
            assertThat(peer.link.phase()).isEqualTo(use == DeflatePolicy.Use.REQUIRE ? "terminate" : "open");
        }
    }

    // ---- beside MPPE

    @ParameterizedTest
    @CsvSource({
        "REQUIRE, PREFER, REQUIRE, PREFER, mppe", "PREFER, PREFER, ALLOW, PREFER, mppe",
        "ALLOW, PREFER, OFF, ALLOW, deflate", "PREFER, PREFER, OFF, ALLOW, deflate",
        "ALLOW, PREFER, REQUIRE, OFF, mppe", "ALLOW, ALLOW, REQUIRE, ALLOW, mppe",
        "ALLOW, PREFER, PREFER, ALLOW, mppe", "ALLOW, PREFER, ALLOW, PREFER, deflate"
    })
    void thereIsMppeOrDeflateAndNeverBoth(
            MppePolicy.Use serverMppe,
            DeflatePolicy.Use serverDeflate,
            MppePolicy.Use clientMppe,
            DeflatePolicy.Use clientDeflate,
            String expected) {
        SimulatedLine line =
                line(serverMppe, serverDeflate, clientMppe, clientDeflate).run(MINUTE);
        for (PppLink link : List.of(line.server, line.client)) {
            assertThat(link.phase()).isEqualTo("open");
            assertThat(link.mppe() != null).as("mppe").isEqualTo(expected.equals("mppe"));
            assertThat(link.deflate() != null).as("deflate").isEqualTo(expected.equals("deflate"));
        }
    }

    @Test
    void whereMppeIsRequiredDeflateIsRejected() {
        CcpNegotiation ours = CcpNegotiation.of(new DeflatePolicy(DeflatePolicy.Use.PREFER, 15))
                .withMppe(List.of(Strength.BITS_128), true, true);
        assertThat(ours.request()).containsExactly(MPPE);
        assertThat(ours.judge(List.of(DEFLATE), new Random(1))).isInstanceOf(Negotiation.Verdict.Reject.class);
        assertThat(answered(ours, MPPE, DEFLATE)).isEqualTo(new Negotiation.Verdict.Reject<>(ours, List.of(DEFLATE)));
    }

    @Test
    void hostileOctetsNeverThrow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Peer peer = new Peer(DeflatePolicy.Use.PREFER);
        peer.open();
        PppLink open = peer.link;
        for (int n = 0; n < 20_000; n++) {
            byte[] octets = new byte[random.nextInt(24)];
            random.nextBytes(octets);
            if (octets.length > 3) {
                octets[0] = (byte) (1 + random.nextInt(15));
                octets[2] = 0;
                octets[3] = (byte) octets.length;
                if (octets.length > 7 && random.nextBoolean()) {
                    octets[4] = 26;
                    octets[5] = 4;
                }
            }
            int protocol = random.nextInt(8) == 0 ? PppProtocol.COMPRESSED : PppProtocol.CCP;
            PppLink next = peer.link
                    .received(new PppFrame(protocol, Bytes.of(octets)).encode(), peer.now, random)
                    .link();
            peer.link = random.nextInt(50) == 0 ? open : next;
            assertThat(peer.link.phase()).as("seed %d", seed).isEqualTo("open");
        }
    }

    // ---- the peer that the tests play

    /** A server link of which everything but CCP is open. */
    private static final class Peer {
        final java.util.ArrayList<LinkOutput> said = new java.util.ArrayList<>();
        final Random random = new Random(1);
        PppLink link;
        long now;
        private ControlPacket.@Nullable ConfigureRequest request;

        Peer(DeflatePolicy.Use use) {
            PppLink client = client(MppePolicy.Use.OFF, DeflatePolicy.Use.OFF);
            SimulatedLine line = new SimulatedLine(server(use), client, 1);
            line.swallowed = frame -> frame.toHex().startsWith("ff0380fd");
            line.bothUp().run(Duration.ofSeconds(1));
            link = line.server;
            now = line.now;
            line.frames.forEach(this::note);
        }

        void resume(DeflatePolicy.Use use) {
            LinkParameters parameters =
                    new LinkParameters(1, 2, 1_500, 1_500, true, true, SimulatedLine.GATEWAY, 5, List.of());
            request = null;
            link = PppLink.resumed(
                    SimulatedLine.settings(SimulatedLine.GATEWAY).withDeflate(new DeflatePolicy(use, 15)),
                    parameters,
                    now);
        }

        /** Our request that the peer is to answer. */
        ControlPacket.ConfigureRequest asked() {
            assertThat(request).isNotNull();
            return request;
        }

        void open() {
            says(request(1, DEFLATE));
            says(new ControlPacket.ConfigureAck(asked().id(), asked().options()));
        }

        List<ControlPacket> says(ControlPacket packet) {
            return step(link.received(new PppFrame(PppProtocol.CCP, packet.encode()).encode(), now, random));
        }

        List<ControlPacket> compressed() {
            return step(link.received(Bytes.ofHex("ff0300fd00015555"), now, random));
        }

        List<ControlPacket> step(LinkStep step) {
            link = step.link();
            List<ControlPacket> sent = new java.util.ArrayList<>();
            for (LinkOutput output : step.outputs()) {
                if (output instanceof LinkOutput.SendFrame(Bytes frame)) {
                    ControlPacket packet = note(frame);
                    if (packet != null) {
                        sent.add(packet);
                    }
                } else {
                    said.add(output);
                }
            }
            return sent;
        }

        private @Nullable ControlPacket note(Bytes frame) {
            try {
                PppFrame decoded = PppFrame.decode(frame);
                if (decoded.protocol() != PppProtocol.CCP) {
                    return null;
                }
                ControlPacket packet = ControlPacket.decode(decoded.information());
                if (packet instanceof ControlPacket.ConfigureRequest own) {
                    request = own;
                }
                return packet;
            } catch (io.warren.wire.WireException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static PppLink server(DeflatePolicy.Use use) {
        return PppLink.server(SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.MSCHAP_V2)
                .withDeflate(new DeflatePolicy(use, 15)));
    }

    private static PppLink client(MppePolicy.Use mppe, DeflatePolicy.Use use) {
        return PppLink.client(
                SimulatedLine.settings(0)
                        .withMppe(new MppePolicy(mppe, List.of(Strength.BITS_128)))
                        .withDeflate(new DeflatePolicy(use, 15)),
                SimulatedLine.identity("clientPass", AuthenticationMethod.MSCHAP_V2));
    }

    private static SimulatedLine line(DeflatePolicy.Use server, DeflatePolicy.Use client) {
        return new SimulatedLine(server(server), client(MppePolicy.Use.OFF, client), 1).bothUp();
    }

    private static SimulatedLine line(
            MppePolicy.Use serverMppe,
            DeflatePolicy.Use serverDeflate,
            MppePolicy.Use clientMppe,
            DeflatePolicy.Use clientDeflate) {
        PppLink server = PppLink.server(SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.MSCHAP_V2)
                .withMppe(new MppePolicy(serverMppe, List.of(Strength.BITS_128)))
                .withDeflate(new DeflatePolicy(serverDeflate, 15)));
        return new SimulatedLine(server, client(clientMppe, clientDeflate), 1).bothUp();
    }

    private static DeflateSession session(PppLink link) {
        DeflateSession session = link.deflate();
        assertThat(session).isNotNull();
        return session;
    }

    private static Negotiation.Verdict<CcpNegotiation> answered(CcpNegotiation ours, ConfigurationOption... options) {
        return ours.judge(List.of(options), new Random(1));
    }

    private static ConfigurationOption deflate(int window) {
        return CcpOption.Deflate.of(window).encode();
    }

    private static ControlPacket.ConfigureRequest request(int id, ConfigurationOption... options) {
        return new ControlPacket.ConfigureRequest(id, List.of(options));
    }

    private static ControlPacket.ConfigureAck ack(int id, ConfigurationOption... options) {
        return new ControlPacket.ConfigureAck(id, List.of(options));
    }
}
