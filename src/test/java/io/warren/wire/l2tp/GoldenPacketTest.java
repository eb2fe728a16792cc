package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.GoldenPacket.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GoldenPacketTest {
    private static final Bytes LAC_CHALLENGE = Bytes.ofHex("00112233445566778899aabbccddeeff");
    private static final Bytes LNS_CHALLENGE = Bytes.ofHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");

    @Test
    void sccrq() throws WireException {
        assertThat(decode(GoldenPacket.SCCRQ))
                .isEqualTo(new ControlPacket(
                        0,
                        0,
                        0,
                        0,
                        new Sccrq(
                                ControlMessage.PROTOCOL_VERSION,
                                "lac1",
                                3,
                                0x1d3e,
                                0L,
                                4,
                                LAC_CHALLENGE,
                                null,
                                0x0690,
                                "xelerance.com",
                                null,
                                null,
                                List.of())));
    }

    @Test
    void sccrp() throws WireException {
        Bytes response = ChallengeResponse.compute(MessageType.SCCRP, SECRET, LAC_CHALLENGE);
        assertThat(decode(GoldenPacket.SCCRP))
                .isEqualTo(new ControlPacket(
                        0x1d3e,
                        0,
                        0,
                        1,
                        new Sccrp(
                                ControlMessage.PROTOCOL_VERSION,
                                "lns.example",
                                3,
                                0x2b07,
                                null,
                                16,
                                LNS_CHALLENGE,
                                response,
                                null,
                                null,
                                null,
                                null,
                                List.of())));
    }

    @Test
    void scccn() throws WireException {
        Bytes response = ChallengeResponse.compute(MessageType.SCCCN, SECRET, LNS_CHALLENGE);
        assertThat(decode(GoldenPacket.SCCCN))
                .isEqualTo(new ControlPacket(0x2b07, 0, 1, 1, new Scccn(response, List.of())));
    }

    @Test
    void icrq() throws WireException {
        assertThat(decode(GoldenPacket.ICRQ).body())
                .isEqualTo(new Icrq(0x5ac1, 1, 0L, null, null, null, null, AccessLine.NONE, List.of()));
    }

    @Test
    void icrqWithAccessLine() throws WireException {
        AccessLine line = new AccessLine(Map.of(
                AvpType.AGENT_CIRCUIT_ID, Bytes.ofHex("616e312065746820312f323a3335"),
                AvpType.ACTUAL_RATE_DOWN, Bytes.ofHex("0000000005f5e100"),
                AvpType.ACCESS_LOOP_ENCAPSULATION, Bytes.ofHex("010100")));
        List<Avp> others = List.of(new Avp(false, 0, 98, Bytes.EMPTY));
        assertThat(decode(GoldenPacket.ICRQ_ACCESS_LINE).body())
                .isEqualTo(new Icrq(0x5ac1, 0x12345678, null, 7L, "5551000", "5552000", null, line, others));
    }

    @Test
    void icrp() throws WireException {
        assertThat(decode(GoldenPacket.ICRP))
                .isEqualTo(new ControlPacket(0x1d3e, 0x5ac1, 1, 3, new Icrp(0x42, List.of())));
    }

    @Test
    void iccn() throws WireException {
        ProxyAuthentication proxy = new ProxyAuthentication(
                2, "alice@isp", Bytes.ofHex("0102030405060708"), 0x11, Bytes.ofHex("c0ffee00c0ffee11c0ffee22c0ffee33"));
        assertThat(decode(GoldenPacket.ICCN).body())
                .isEqualTo(new Iccn(
                        10_000_000,
                        1,
                        Bytes.ofHex("010405d405064f8a10c2"),
                        Bytes.ofHex("0305c22305050611223344"),
                        Bytes.ofHex("010405d405064f8a10c2"),
                        proxy,
                        Bytes.ofHex("626c7565"),
                        1_000_000L,
                        true,
                        AccessLine.NONE,
                        List.of()));
    }

    @Test
    void cdn() throws WireException {
        assertThat(decode(GoldenPacket.CDN).body())
                .isEqualTo(new Cdn(
                        new ResultCode(3, 0, "bye"),
                        0x42,
                        Bytes.ofHex("001045"),
                        new DisconnectCause(3, 0xc021, 1, "LCP"),
                        List.of()));
    }

    @Test
    void stopCcn() throws WireException {
        assertThat(decode(GoldenPacket.STOP_CCN).body())
                .isEqualTo(new StopCcn(0x1d3e, new ResultCode(2, 4, "no resources"), List.of()));
    }

    @Test
    void helloAndZlb() throws WireException {
        assertThat(decode(GoldenPacket.HELLO)).isEqualTo(new ControlPacket(0x2b07, 0, 5, 3, new Hello()));
        assertThat(decode(GoldenPacket.ZLB)).isEqualTo(new ControlPacket(0x1d3e, 0, 3, 6, new ZeroLengthBody()));
    }

    @Test
    void wenAndSli() throws WireException {
        assertThat(decode(GoldenPacket.WEN).body()).isEqualTo(new Wen(1, 2, 3, 4, 5, 6, List.of()));
        assertThat(decode(GoldenPacket.SLI).body()).isEqualTo(new Sli(0xffffffffL, 0xa0000, List.of()));
    }

    @Test
    void recoverySccrq() throws WireException {
        Sccrq sccrq = (Sccrq) decode(GoldenPacket.SCCRQ_RECOVERY).body();
        assertThat(sccrq.tunnelRecovery()).isEqualTo(new TunnelRecovery(0x1d3e, 0x2b07));
        assertThat(sccrq.failoverCapability()).isNull();
    }

    @Test
    void recoverySccrp() throws WireException {
        Sccrp sccrp = (Sccrp) decode(GoldenPacket.SCCRP_RECOVERY).body();
        assertThat(sccrp.suggestedSequence()).isEqualTo(new ControlSequence(3, 100));
    }

    @Test
    void failoverCapability() throws WireException {
        Sccrq sccrq = (Sccrq) decode(GoldenPacket.SCCRQ_FAILOVER).body();
        assertThat(sccrq.failoverCapability()).isEqualTo(new FailoverCapability(true, false, 120_000));
    }

    @Test
    void fsqKeepsEverySession() throws WireException {
        assertThat(decode(GoldenPacket.FSQ).body())
                .isEqualTo(new Fsq(
                        List.of(new FailoverSessionState(0x42, 0x5ac1), new FailoverSessionState(0x43, 0x5ac2)),
                        List.of()));
    }

    @Test
    void csunKeepsEveryUpdate() throws WireException {
        assertThat(decode(GoldenPacket.CSUN).body())
                .isEqualTo(new Csun(
                        List.of(
                                new Avp(false, 0, 97, Bytes.ofHex("00000042" + "001e8480" + "0003e800")),
                                new Avp(false, 0, 97, Bytes.ofHex("00000043" + "002dc6c0" + "0007d000"))),
                        List.of()));
    }

    @Test
    void icrqHidden() throws WireException {
        assertThat(decode(GoldenPacket.ICRQ_HIDDEN).body())
                .isEqualTo(
                        new Icrq(0x5ac1, 1, null, null, "+44 20 7946 0958 12", null, null, AccessLine.NONE, List.of()));
    }

    /** Not the ones with an order or a padding of their own. */
    @ParameterizedTest
    @EnumSource(
            value = GoldenPacket.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SCCRQ", "ICRQ_ACCESS_LINE", "ICRQ_HIDDEN"})
    void encodesToTheSameBytes(GoldenPacket golden) throws WireException {
        ControlPacket packet = decode(golden);
        Bytes body =
                packet.body() instanceof ControlMessage message ? L2tpCodec.encodeBody(message, null) : Bytes.EMPTY;
        Bytes framed = L2tpCodec.frame(packet.tunnelId(), packet.sessionId(), packet.ns(), packet.nr(), body);
        assertThat(framed.toHex()).isEqualTo(Bytes.of(golden.octets()).toHex());
    }

    private static ControlPacket decode(GoldenPacket golden) throws WireException {
        return L2tpCodec.decode(golden.octets(), SECRET);
    }
}
