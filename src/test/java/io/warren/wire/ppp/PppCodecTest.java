package io.warren.wire.ppp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PppCodecTest {
    /** What Linux pppd sends first. */
    private static final Bytes CONFIGURE_REQUEST = hex(
            "ff 03", // Address, Control
            "c0 21", // LCP
            "01", // Configure-Request
            "01", // Identifier
            "00 14", // Length 20
            "02 06 00 00 00 00", // ACCM 0
            "05 06 de ad be ef", // Magic-Number
            "07 02", // PFC
            "08 02"); // ACFC

    private static final Bytes CHAP_OPTION = hex(
            "ff 03 c0 21",
            "03 07 00 09", // Configure-Nak
            "03 05 c2 23 81"); // Authentication-Protocol CHAP, MS-CHAPv2

    private static final Bytes IPCP_REQUEST = hex(
            "ff 03",
            "80 21", // IPCP
            "01 09 00 16", // Configure-Request, Length 22
            "03 06 0a 00 00 63", // IP-Address 10.0.0.99
            "81 06 00 00 00 00", // Primary DNS asked for
            "83 06 08 08 08 08"); // Secondary DNS 8.8.8.8

    private static final Bytes PAP_REQUEST = hex(
            "ff 03",
            "c0 23", // PAP
            "01 05 00 0c", // Authenticate-Request, Length 12
            "03 62 6f 62", // Peer-ID "bob"
            "03 70 77 64"); // Password "pwd"

    private static final Bytes CHAP_CHALLENGE = hex(
            "ff 03",
            "c2 23", // CHAP
            "01 2a 00 0c", // Challenge, Identifier 42, Length 12
            "04 11 22 33 44", // Value of 4 octets
            "6c 6e 73"); // Name "lns"

    private static final Bytes ECHO_REQUEST = hex("ff 03 c0 21", "09 03 00 0a", "00 00 00 07", "ab cd");

    private static final Bytes PROTOCOL_REJECT =
            hex("ff 03 c0 21", "08 04 00 0a", "80 57", "01 01 00 04"); // IPv6CP Configure-Request

    private static final List<Bytes> GOLDEN = List.of(
            CONFIGURE_REQUEST, CHAP_OPTION, IPCP_REQUEST, PAP_REQUEST, CHAP_CHALLENGE, ECHO_REQUEST, PROTOCOL_REJECT);

    @Test
    void configureRequest() throws WireException {
        PppFrame frame = PppFrame.decode(CONFIGURE_REQUEST);
        assertThat(frame.protocol()).isEqualTo(PppProtocol.LCP);
        ControlPacket.ConfigureRequest packet =
                (ControlPacket.ConfigureRequest) ControlPacket.decode(frame.information());
        assertThat(packet.id()).isEqualTo(1);
        assertThat(packet.options().stream().map(LcpOption::of))
                .containsExactly(
                        new LcpOption.Accm(0),
                        new LcpOption.MagicNumber(0xdeadbeefL),
                        new LcpOption.Pfc(),
                        new LcpOption.Acfc());
    }

    @Test
    void authenticationOption() throws WireException {
        ControlPacket.ConfigureNak packet = (ControlPacket.ConfigureNak)
                ControlPacket.decode(PppFrame.decode(CHAP_OPTION).information());
        assertThat(LcpOption.of(packet.options().getFirst()))
                .isEqualTo(new LcpOption.Authentication(PppProtocol.CHAP, Bytes.of((byte) 0x81)));
    }

    @Test
    void ipcpRequest() throws WireException {
        ControlPacket.ConfigureRequest packet = (ControlPacket.ConfigureRequest)
                ControlPacket.decode(PppFrame.decode(IPCP_REQUEST).information());
        assertThat(packet.options().stream().map(IpcpOption::of))
                .containsExactly(
                        new IpcpOption.IpAddress(0x0a000063),
                        new IpcpOption.PrimaryDns(0),
                        new IpcpOption.SecondaryDns(0x08080808));
    }

    @Test
    void authenticationPackets() throws WireException {
        assertThat(PapPacket.decode(PppFrame.decode(PAP_REQUEST).information()))
                .isEqualTo(new PapPacket.AuthenticateRequest(5, ascii("bob"), ascii("pwd")));
        assertThat(ChapPacket.decode(PppFrame.decode(CHAP_CHALLENGE).information()))
                .isEqualTo(new ChapPacket.Challenge(42, Bytes.ofHex("11223344"), ascii("lns")));
    }

    @Test
    void goldenFramesEncodeToThemselves() throws WireException {
        for (Bytes golden : GOLDEN) {
            PppFrame frame = PppFrame.decode(golden);
            Bytes again = switch (frame.protocol()) {
                case PppProtocol.PAP -> PapPacket.decode(frame.information()).encode();
                case PppProtocol.CHAP -> ChapPacket.decode(frame.information()).encode();
                default -> ControlPacket.decode(frame.information()).encode();
            };
            assertThat(new PppFrame(frame.protocol(), again).encode()).isEqualTo(golden);
        }
    }

    @Test
    void pitfall21_addressAndControlPresentOrAbsentAndProtocolCompressedOrNot() throws WireException {
        Bytes information = hex("45 00");
        for (String header : List.of("ff 03 00 21", "ff 03 21", "00 21", "21")) {
            assertThat(PppFrame.decode(hex(header, "45 00"))).isEqualTo(new PppFrame(PppProtocol.IPV4, information));
        }
    }

    @Test
    void pitfall21_paddingAfterThePacketsLengthIsCutOff() throws WireException {
        Bytes padded = hex("05 01 00 04", "00 00 00 00 00");
        assertThat(ControlPacket.decode(padded)).isEqualTo(new ControlPacket.TerminateRequest(1, Bytes.EMPTY));
    }

    @Test
    void optionsOfAWrongLengthAreNotTheOptionsTheyClaimToBe() {
        ConfigurationOption mru = new ConfigurationOption(LcpOption.MRU, Bytes.ofHex("05"));
        assertThat(LcpOption.of(mru)).isEqualTo(new LcpOption.Other(mru));
        ConfigurationOption pfc = new ConfigurationOption(LcpOption.PFC, Bytes.ofHex("05"));
        assertThat(LcpOption.of(pfc)).isEqualTo(new LcpOption.Other(pfc));
        ConfigurationOption address = new ConfigurationOption(IpcpOption.IP_ADDRESS, Bytes.ofHex("0a00006301"));
        assertThat(IpcpOption.of(address)).isEqualTo(new IpcpOption.Other(address));
    }

    @Test
    void badFramingRaisesWireException() {
        for (String bad : List.of(
                "01 01 00 03", // Length below the header
                "01 01 00 06 05 00", // option of length 0
                "01 01 00 06 05 01", // option of length 1
                "01 01 00 07 05 06 00", // option beyond the packet
                "01 01 00 09 00")) { // packet beyond the frame
            assertThatThrownBy(() -> ControlPacket.decode(hex(bad))).isInstanceOf(WireException.class);
        }
    }

    @Test
    void truncationsAndBitFlipsGiveAValueOrWireException() {
        for (Bytes golden : GOLDEN) {
            byte[] octets = golden.toByteArray();
            for (int length = 0; length < octets.length; length++) {
                decodeAll(Bytes.of(Arrays.copyOf(octets, length)));
            }
            for (int bit = 0; bit < octets.length * 8; bit++) {
                byte[] flipped = octets.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                decodeAll(Bytes.of(flipped));
            }
        }
    }

    /** CCP's, LCP's and IPCP's: whatever does not fit an option becomes another one, with the same octets. */
    @Test
    void randomOptionsAreTypedAndGoBackUnchanged() {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            int type = random.nextInt(4) == 0 ? CcpOption.MPPE : random.nextInt(256);
            ConfigurationOption option = new ConfigurationOption(type, octets(random, random.nextBoolean() ? 9 : 254));
            try {
                assertThat(CcpOption.of(option).encode()).as("seed %d", seed).isEqualTo(option);
                assertThat(LcpOption.of(option)).as("seed %d", seed).isNotNull();
                assertThat(IpcpOption.of(option)).as("seed %d", seed).isNotNull();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void randomPacketsRoundTrip() throws WireException {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            List<ConfigurationOption> options = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                options.add(new ConfigurationOption(random.nextInt(256), octets(random, 254)));
            }
            int id = random.nextInt(256);
            for (ControlPacket packet : List.of(
                    new ControlPacket.ConfigureRequest(id, options),
                    new ControlPacket.ConfigureReject(id, options),
                    new ControlPacket.EchoReply(id, random.nextInt() & 0xffffffffL, octets(random, 900)),
                    new ControlPacket.Unknown(14 + random.nextInt(242), id, octets(random, 900)))) {
                assertThat(ControlPacket.decode(packet.encode()))
                        .as("seed %d", seed)
                        .isEqualTo(packet);
            }
            ChapPacket response = new ChapPacket.Response(id, octets(random, 256), octets(random, 300));
            assertThat(ChapPacket.decode(response.encode())).as("seed %d", seed).isEqualTo(response);
            PapPacket request = new PapPacket.AuthenticateRequest(id, octets(random, 256), octets(random, 256));
            assertThat(PapPacket.decode(request.encode())).as("seed %d", seed).isEqualTo(request);
        }
    }

    private static void decodeAll(Bytes octets) {
        try {
            PppFrame frame = PppFrame.decode(octets);
            List.of(ControlPacket.decode(frame.information()));
        } catch (WireException expected) {
            assertThat(expected.offset()).isBetween(0, octets.length());
        }
        try {
            PapPacket.decode(octets);
        } catch (WireException expected) {
            assertThat(expected.offset()).isBetween(0, octets.length());
        }
        try {
            ChapPacket.decode(octets);
        } catch (WireException expected) {
            assertThat(expected.offset()).isBetween(0, octets.length());
        }
    }

    private static Bytes octets(Random random, int below) {
        byte[] octets = new byte[random.nextInt(below)];
        random.nextBytes(octets);
        return Bytes.of(octets);
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static Bytes hex(String... parts) {
        return Bytes.ofHex(String.join("", parts).replace(" ", ""));
    }
}
