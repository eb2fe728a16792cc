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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CCP (RFC 1962) and MPPE's option in it (RFC 3078 §2): both ends of a link, and peers that do as they like. */
class CcpTest {
    private static final List<Strength> BOTH = List.of(Strength.BITS_128, Strength.BITS_40);
    private static final long STATELESS_128 = 0x0100_0040;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void bothEndsHaveTheOthersKeys() {
        SimulatedLine line =
                line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE).run(MINUTE);

        MppeSession server = session(line.server);
        MppeSession client = session(line.client);
        assertThat(server.keys()).isEqualTo(client.keys().mirrored());
        assertThat(server.strength()).isEqualTo(Strength.BITS_128);
        assertThat(up(line.serverSaid).getLast().mppeBits()).isEqualTo(128);
        assertThat(up(line.clientSaid).getLast().mppeBits()).isEqualTo(128);
        assertThat(line.server.phase()).isEqualTo("open");
    }

    /** server, client: is it encrypted, or in the clear, or is there no link? */
    @ParameterizedTest
    @CsvSource({
        "OFF, OFF, clear", "OFF, ALLOW, clear", "OFF, PREFER, clear", "OFF, REQUIRE, none",
        "ALLOW, OFF, clear", "ALLOW, ALLOW, clear", "ALLOW, PREFER, encrypted", "ALLOW, REQUIRE, encrypted",
        "PREFER, OFF, clear", "PREFER, ALLOW, encrypted", "PREFER, PREFER, encrypted", "PREFER, REQUIRE, encrypted",
        "REQUIRE, OFF, none", "REQUIRE, ALLOW, encrypted", "REQUIRE, PREFER, encrypted", "REQUIRE, REQUIRE, encrypted"
    })
    void whatTheTwoPoliciesLeadTo(MppePolicy.Use server, MppePolicy.Use client, String expected) {
        SimulatedLine line = line(server, client).run(MINUTE);

        if (expected.equals("none")) {
            assertThat(up(line.serverSaid)).isEmpty();
            assertThat(line.server.phase()).isEqualTo("dead");
            List<Said> said = List.of(new Said(line.serverSaid), new Said(line.clientSaid));
            assertThat(said.stream().map(Said::reason)).anyMatch(reason -> reason.contains("MPPE is required"));
        } else {
            int bits = expected.equals("encrypted") ? 128 : 0;
            assertThat(up(line.serverSaid).getLast().mppeBits()).isEqualTo(bits);
            assertThat(up(line.clientSaid).getLast().mppeBits()).isEqualTo(bits);
        }
    }

    private record Said(List<SimulatedLine.Said> outputs) {
        String reason() {
            return SimulatedLine.last(outputs, LinkOutput.LinkDown.class).reason();
        }
    }

    @Test
    void whatIsPreferredIsThereBeforeTheFirstPacketCouldGoInTheClear() {
        SimulatedLine line = line(MppePolicy.Use.PREFER, MppePolicy.Use.ALLOW).run(MINUTE);
        assertThat(up(line.serverSaid)).hasSize(1);
        assertThat(up(line.serverSaid).getFirst().mppeBits()).isEqualTo(128);
    }

    @Test
    void theShorterKeyIsTakenWhereTheOtherIsNotAllowed() {
        SimulatedLine line = new SimulatedLine(
                        server(new MppePolicy(MppePolicy.Use.REQUIRE, List.of(Strength.BITS_40))),
                        client(new MppePolicy(MppePolicy.Use.REQUIRE, BOTH)),
                        1)
                .bothUp()
                .run(MINUTE);
        assertThat(session(line.server).strength()).isEqualTo(Strength.BITS_40);
        assertThat(session(line.client).strength()).isEqualTo(Strength.BITS_40);
    }

    /** RFC 3078 §2.1; a peer that has one strength only may reject another instead of naming its own. */
    @Test
    void allStrengthsAreAskedForAndThePeerPicksOne() {
        CcpNegotiation ours = CcpNegotiation.of(BOTH, true);
        assertThat(ours.request()).containsExactly(option(0x0100_0060));
        CcpNegotiation naked = ours.naked(List.of(option(0x0100_0020)), new Random(1));
        assertThat(naked.request()).containsExactly(option(0x0100_0020));
        assertThat(naked.judge(List.of(option(0x0100_0020)), new Random(1))
                        .next()
                        .agreed())
                .isEqualTo(Strength.BITS_40);
        assertThat(naked.rejected(List.of(option(0x0100_0020))).failure()).isNotNull();
    }

    @Test
    void strengthsThatHaveNothingInCommonAreNoLink() {
        SimulatedLine line = new SimulatedLine(
                        server(new MppePolicy(MppePolicy.Use.REQUIRE, List.of(Strength.BITS_40))),
                        client(new MppePolicy(MppePolicy.Use.REQUIRE, List.of(Strength.BITS_128))),
                        1)
                .bothUp()
                .run(MINUTE);
        assertThat(up(line.serverSaid)).isEmpty();
        assertThat(line.server.phase()).isEqualTo("dead");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void comesUpOverALineThatLosesDoublesAndReorders(int seed) {
        SimulatedLine line = line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE, seed, false);
        line.quality = new SimulatedLine.Quality(0.15, 0.1, Duration.ofMillis(20), Duration.ofMillis(60));
        line.bothUp().run(MINUTE.multipliedBy(2));
        assertThat(session(line.server).keys())
                .as("seed %d", seed)
                .isEqualTo(session(line.client).keys().mirrored());
    }

    @ParameterizedTest
    @EnumSource(
            value = AuthenticationMethod.class,
            names = {"PAP", "CHAP_MD5"})
    void withoutKeysARequiredOneIsRefusedWithItsCause(AuthenticationMethod method) {
        LinkSettings settings = SimulatedLine.settings(SimulatedLine.GATEWAY, method)
                .withMppe(new MppePolicy(MppePolicy.Use.REQUIRE, BOTH));
        SimulatedLine line = new SimulatedLine(
                        PppLink.server(settings),
                        PppLink.client(SimulatedLine.settings(0), SimulatedLine.identity("clientPass", method)),
                        1)
                .bothUp()
                .run(MINUTE);
        assertThat(new Said(line.serverSaid).reason()).contains("authentication yields no keys");
        assertThat(up(line.serverSaid)).isEmpty();
    }

    @Test
    void aServerThatAuthenticatesMayRequireIt() {
        LinkSettings settings = SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.MSCHAP_V2)
                .withMppe(new MppePolicy(MppePolicy.Use.ALLOW, BOTH));
        SimulatedLine line = new SimulatedLine(PppLink.server(settings), client(MppePolicy.OFF), 1);
        line.mppeRequired = true;
        line.bothUp().run(MINUTE);
        assertThat(new Said(line.serverSaid).reason()).contains("MPPE is required");
        assertThat(up(line.serverSaid)).isEmpty();
    }

    /** A peer that begins CCP anew gets the same keys; nothing flows meanwhile, and there is another session. */
    @Test
    void ccpNegotiatedAnewStopsPacketsAndIsAnotherSession() {
        SimulatedLine line = line(MppePolicy.Use.PREFER, MppePolicy.Use.PREFER).run(MINUTE);
        MppeSession before = session(line.server);
        Bytes request = frame(new ControlPacket.ConfigureRequest(77, List.of(option(STATELESS_128))));

        line.serverStep(line.server.received(request, line.now, line.random));
        assertThat(SimulatedLine.only(line.serverSaid, LinkOutput.NetworkDown.class))
                .hasSize(1);
        assertThat(line.server.mppe()).isNull();
        line.run(MINUTE);

        MppeSession after = session(line.server);
        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after.keys()).isEqualTo(before.keys());
        assertThat(up(line.serverSaid)).hasSize(2);
    }

    @Test
    void lcpNegotiatedAnewYieldsOtherKeys() {
        SimulatedLine line =
                line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE).run(MINUTE);
        MppeSession before = session(line.client);
        line.serverSaid.clear();

        line.server = server(new MppePolicy(MppePolicy.Use.REQUIRE, BOTH));
        line.serverStep(line.server.lowerUp(line.now, line.random));
        line.run(MINUTE);

        assertThat(session(line.client).keys()).isNotEqualTo(before.keys());
        assertThat(session(line.server).keys())
                .isEqualTo(session(line.client).keys().mirrored());
        assertThat(up(line.serverSaid)).hasSize(1);
    }

    @Test
    void aPeerThatClosesCcpLosesTheLinkWhereItIsRequired() {
        SimulatedLine line =
                line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE).run(MINUTE);
        line.serverStep(
                line.server.received(frame(new ControlPacket.TerminateRequest(9, Bytes.EMPTY)), line.now, line.random));
        line.run(MINUTE);
        assertThat(new Said(line.serverSaid).reason()).isEqualTo("peer closed CCP, and MPPE is required");
    }

    @Test
    void resetRequestsMeanNothingWithoutState() {
        SimulatedLine line =
                line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE).run(MINUTE);
        int frames = line.frames.size();
        for (int code : new int[] {14, 15}) {
            line.serverStep(line.server.received(
                    frame(new ControlPacket.Unknown(code, 3, Bytes.EMPTY)), line.now, line.random));
        }
        assertThat(line.frames).hasSize(frames);
        assertThat(line.server.mppe()).isNotNull();
    }

    @Test
    void ccpIsRejectedWhereItIsNotSpoken() {
        SimulatedLine line = line(MppePolicy.Use.OFF, MppePolicy.Use.OFF).run(MINUTE);
        int frames = line.frames.size();
        line.serverStep(line.server.received(
                frame(new ControlPacket.ConfigureRequest(1, List.of(option(STATELESS_128)))), line.now, line.random));
        assertThat(line.frames).hasSize(frames + 1);
        assertThat(line.frames.getLast().toHex()).startsWith("ff03c02108").contains("80fd");
    }

    // ---- the option alone

    @ParameterizedTest
    @ValueSource(longs = {0x0100_0041, 0x0000_0040, 0x0100_00e1, 0, 0x0100_0080, 0xffff_ffffL, 0x0100_0010})
    void whatIsNotOneStrengthAloneIsNakedWithOne(long supported) {
        assertThat(naked(CcpNegotiation.of(BOTH, false), option(supported))).containsExactly(option(STATELESS_128));
    }

    @Test
    void aPeerWithTheShorterKeyAloneIsOfferedThat() {
        assertThat(naked(CcpNegotiation.of(BOTH, false), option(0x0000_0021))).containsExactly(option(0x0100_0020));
    }

    @Test
    void otherCompressionIsRejected() {
        ConfigurationOption deflate = new ConfigurationOption(26, Bytes.ofHex("7800"));
        Negotiation.Verdict<CcpNegotiation> verdict =
                CcpNegotiation.of(BOTH, true).judge(List.of(option(STATELESS_128), deflate), new Random(1));
        assertThat(verdict).isEqualTo(new Negotiation.Verdict.Reject<>(verdict.next(), List.of(deflate)));
    }

    private static List<ConfigurationOption> naked(CcpNegotiation ours, ConfigurationOption asked) {
        return ours.judge(List.of(asked), new Random(1))
                        instanceof Negotiation.Verdict.Nak<CcpNegotiation>(var _, List<ConfigurationOption> options)
                ? options
                : List.of();
    }

    @Test
    void hostileOctetsNeverThrowAndNeverOpenWhatIsRequired() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        SimulatedLine line =
                line(MppePolicy.Use.REQUIRE, MppePolicy.Use.REQUIRE).run(MINUTE);
        for (int n = 0; n < 20_000; n++) {
            byte[] octets = new byte[random.nextInt(24)];
            random.nextBytes(octets);
            if (octets.length > 3 && random.nextBoolean()) {
                octets[0] = (byte) (1 + random.nextInt(15));
                octets[2] = 0;
                octets[3] = (byte) octets.length;
            }
            int protocol = random.nextInt(8) == 0 ? PppProtocol.COMPRESSED : PppProtocol.CCP;
            Bytes frame = new PppFrame(protocol, Bytes.of(octets)).encode();
            PppLink server = line.server.received(frame, line.now, line.random).link();
            if (random.nextInt(4) == 0 && !server.phase().equals("terminate")) {
                line.server = server;
            }
            boolean open = server.phase().equals("open");
            assertThat(!open || server.mppe() != null).as("seed %d", seed).isTrue();
        }
    }

    private static List<LinkParameters> up(List<SimulatedLine.Said> said) {
        return SimulatedLine.only(said, LinkOutput.NetworkUp.class).stream()
                .map(LinkOutput.NetworkUp::parameters)
                .toList();
    }

    private static MppeSession session(PppLink link) {
        MppeSession session = link.mppe();
        assertThat(session).isNotNull();
        return session;
    }

    private static ConfigurationOption option(long supported) {
        return new CcpOption.Mppe(supported).encode();
    }

    private static Bytes frame(ControlPacket packet) {
        return new PppFrame(PppProtocol.CCP, packet.encode()).encode();
    }

    private static PppLink server(MppePolicy policy) {
        return PppLink.server(SimulatedLine.settings(SimulatedLine.GATEWAY, AuthenticationMethod.MSCHAP_V2)
                .withMppe(policy));
    }

    private static PppLink client(MppePolicy policy) {
        return PppLink.client(
                SimulatedLine.settings(0).withMppe(policy),
                SimulatedLine.identity("clientPass", AuthenticationMethod.MSCHAP_V2));
    }

    private static SimulatedLine line(MppePolicy.Use server, MppePolicy.Use client) {
        return line(server, client, 1, true);
    }

    private static SimulatedLine line(MppePolicy.Use server, MppePolicy.Use client, long seed, boolean up) {
        List<Strength> only = List.of(Strength.BITS_128);
        SimulatedLine line =
                new SimulatedLine(server(new MppePolicy(server, only)), client(new MppePolicy(client, BOTH)), seed);
        return up ? line.bothUp() : line;
    }
}
