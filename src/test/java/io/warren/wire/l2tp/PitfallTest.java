package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.Packets.H;
import static io.warren.wire.l2tp.Packets.M;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What implementers of RFC 2661 get wrong, as far as it concerns the bytes. */
class PitfallTest {
    @Test
    void pitfall01_anEmptyBodyIsAZlbAndNoMessage() throws WireException {
        ControlPacket zlb =
                L2tpCodec.decode(L2tpCodec.frame(7, 0, 3, 6, Bytes.EMPTY).toByteArray(), null);
        assertThat(zlb).isEqualTo(new ControlPacket(7, 0, 3, 6, new ZeroLengthBody()));
    }

    @Test
    void pitfall09_tunnelIdZeroInALaterMessageIsPassedOn() throws WireException {
        byte[] scccn = GoldenPacket.SCCCN.octets();
        scccn[4] = 0;
        scccn[5] = 0;
        assertThat(L2tpCodec.decode(scccn, null).tunnelId()).isZero();
        assertThat(L2tpCodec.decode(scccn, null).body()).isInstanceOf(Scccn.class);
    }

    @Test
    void pitfall10_errorCodeAndTextAreOptional() throws WireException {
        assertThat(stopCcn("0001")).isEqualTo(ResultCode.of(1));
        assertThat(stopCcn("00020004")).isEqualTo(new ResultCode(2, 4, null));
        assertThat(stopCcn("0002000462616420")).isEqualTo(new ResultCode(2, 4, "bad "));
        assertThat(stopCcn("000100")).isEqualTo(ResultCode.of(1));
    }

    @ParameterizedTest
    @CsvSource({
        "01000000, 1, 0", // Apple
        "02000400, 2, 4", // Apple
        "00050100, 5, 256", // a true StopCCN 5: the error code is the highest version supported
        "00000100, 0, 256", // not a code of the RFC either way
        "08000000, 2048, 0", // no StopCCN has result 8
        "02000401, 2, 1025", // an error code that no swapping explains
    })
    void pitfall10_swappedResultCodesOfAppleAreTurnedWhenUnambiguous(String hex, int result, int errorCode)
            throws WireException {
        assertThat(stopCcn(hex)).isEqualTo(new ResultCode(result, errorCode, null));
    }

    @Test
    void pitfall10_aCdnHasMoreResultCodesThanAStopCcn() throws WireException {
        ControlBody body = Packets.of(MessageType.CDN)
                .avp(M, AvpType.RESULT_CODE, "0b00")
                .avp(AvpType.ASSIGNED_SESSION_ID)
                .decode();
        assertThat(((Cdn) body).result()).isEqualTo(ResultCode.of(11));
    }

    @Test
    void pitfall11_theSendersIdIsKeptAsItCame() throws WireException {
        ControlBody cdn = Packets.of(MessageType.CDN)
                .avp(M, AvpType.RESULT_CODE, "0003")
                .avp(M, AvpType.ASSIGNED_SESSION_ID, "4711")
                .decode();
        assertThat(((Cdn) cdn).assignedSessionId()).isEqualTo(0x4711);
        ControlBody without =
                Packets.of(MessageType.CDN).avp(M, AvpType.RESULT_CODE, "0003").decode();
        assertThat(((Cdn) without).assignedSessionId()).isZero();
    }

    @Test
    void pitfall13_aKnownAvpWithUnexpectedBitsIsAccepted() throws WireException {
        Packets withoutM = Packets.of(MessageType.ICCN)
                .avp(0, AvpType.TX_CONNECT_SPEED, "00000001")
                .avp(0, AvpType.FRAMING_TYPE, "00000001");
        assertThat(withoutM.decode()).isInstanceOf(Iccn.class);
        Packets withM = Packets.minimal(MessageType.ICCN).avp(M, AvpType.RX_CONNECT_SPEED, "00000002");
        assertThat(((Iccn) withM.decode()).rxConnectSpeed()).isEqualTo(2);
        Packets outOfPlace = Packets.minimal(MessageType.ICRP).avp(M, AvpType.CALLED_NUMBER, "31");
        assertThat(((Icrp) outOfPlace.decode()).others()).containsExactly(new Avp(true, 0, 21, Bytes.ofHex("31")));
    }

    @Test
    void pitfall13_hiddenThoughItShouldNotBe() throws WireException {
        TunnelSecret secret = GoldenPacket.SECRET;
        byte[] hidden = HiddenValue.hide(10, new byte[] {0, 8}, new Hiding(secret, Bytes.ofHex("aa")));
        ControlBody body = Packets.minimal(MessageType.SCCRQ)
                .avp(M, AvpType.RANDOM_VECTOR, "aa")
                .avp(M | H, 0, 10, Bytes.of(hidden))
                .decode(secret);
        assertThat(((Sccrq) body).receiveWindowSize()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void pitfall13_anUnknownMandatoryAvpMakesTheMessageBad(MessageType type) throws WireException {
        ControlBody body =
                Packets.minimal(type).avp(M, 0, 99, Bytes.ofHex("01")).decode();
        assertThat(body).isInstanceOf(BadMessage.class);
        BadMessage bad = (BadMessage) body;
        assertThat(bad.errorCode()).isEqualTo(8);
        assertThat(bad.reason()).contains("AVP 99 of vendor 0");
        assertThat(bad.assignedId()).isEqualTo(type.required().contains(type.assignedId()) ? 1 : 0);
    }

    @Test
    void pitfall13_anUnknownAvpWithoutMIsKept() throws WireException {
        ControlBody body = Packets.minimal(MessageType.SCCCN)
                .avp(0, 0, 99, Bytes.ofHex("01"))
                .decode();
        assertThat(body).isEqualTo(new Scccn(null, List.of(new Avp(false, 0, 99, Bytes.ofHex("01")))));
    }

    @Test
    void pitfall14_theVendorIsLookedAtBeforeTheType() throws WireException {
        ControlBody body = Packets.minimal(MessageType.ICRQ)
                .avp(0, 9, AvpType.ASSIGNED_SESSION_ID.wireType(), Bytes.ofHex("ffff"))
                .avp(0, 3561, 1, Bytes.ofHex("414243"))
                .decode();
        Icrq icrq = (Icrq) body;
        assertThat(icrq.assignedSessionId()).isEqualTo(1);
        assertThat(icrq.others()).containsExactly(new Avp(false, 9, 14, Bytes.ofHex("ffff")));
        assertThat(icrq.accessLine().attributes()).containsEntry(AvpType.AGENT_CIRCUIT_ID, Bytes.ofHex("414243"));
    }

    @Test
    void pitfall14_aMandatoryVendorAvpIsUnknownToo() throws WireException {
        ControlBody body = Packets.minimal(MessageType.ICRQ)
                .avp(M, 529, 14, Bytes.ofHex("0001"))
                .decode();
        assertThat(body).isEqualTo(new BadMessage(MessageType.ICRQ, 1, 8, "unknown mandatory AVP 14 of vendor 529"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void pitfall17_anAvpLengthBelowSixEndsTheReading(int length) {
        assertThatThrownBy(() -> Packets.minimal(MessageType.ICRP)
                        .rawAvp(M | length, 0, 99, Bytes.EMPTY)
                        .decode())
                .isInstanceOf(WireException.class);
    }

    @Test
    void pitfall17_anAvpBeyondTheEndIsRefused() {
        assertThatThrownBy(() -> Packets.minimal(MessageType.ICRP)
                        .rawAvp(M | 9, 0, 99, Bytes.ofHex("0102"))
                        .decode())
                .isInstanceOf(WireException.class);
    }

    @Test
    void pitfall17_theLengthHasTenBits() throws WireException {
        Bytes longest = Bytes.of(new byte[AvpType.LONGEST_VALUE]);
        ControlBody body = Packets.of(MessageType.HELLO).avp(0, 9, 1, longest).decode();
        assertThat(body).isEqualTo(new Hello(List.of(new Avp(false, 9, 1, longest))));
    }

    @Test
    void pitfall17_aReservedBitMakesAnAvpUnrecognised() throws WireException {
        for (int bit = 0x0400; bit <= 0x2000; bit <<= 1) {
            Packets optional = Packets.minimal(MessageType.ICCN)
                    .rawAvp(bit | 10, 0, AvpType.RX_CONNECT_SPEED.wireType(), Bytes.ofHex("00000001"));
            assertThat(((Iccn) optional.decode()).rxConnectSpeed()).isNull();
            Packets mandatory = Packets.minimal(MessageType.ICCN)
                    .rawAvp(M | bit | 10, 0, AvpType.RX_CONNECT_SPEED.wireType(), Bytes.ofHex("00000001"));
            assertThat(((BadMessage) mandatory.decode()).errorCode()).isEqualTo(8);
        }
    }

    @Test
    void pitfall18_aMissingReceiveWindowIsNullForTheCallersFour() throws WireException {
        assertThat(((Sccrq) Packets.minimal(MessageType.SCCRQ).decode()).receiveWindowSize())
                .isNull();
        assertThat(((Sccrp) Packets.minimal(MessageType.SCCRP).decode()).receiveWindowSize())
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"SCCRQ", "SCCRP"})
    void pitfall18_aReceiveWindowOfZeroIsInvalid(MessageType type) throws WireException {
        ControlBody body = Packets.minimal(type)
                .avp(M, AvpType.RECEIVE_WINDOW_SIZE, "0000")
                .decode();
        assertThat(body).isEqualTo(new BadMessage(type, 1, 3, "AVP Receive Window Size is zero"));
    }

    @Test
    void pitfall26_anIccnMustHoldSpeedAndFraming() throws WireException {
        ControlBody body =
                Packets.of(MessageType.ICCN).avp(AvpType.TX_CONNECT_SPEED).decode();
        assertThat(body).isEqualTo(new BadMessage(MessageType.ICCN, 0, 6, "AVP Framing Type is missing"));
    }

    @Test
    void pitfall28_version3IsToldFromGarbage() {
        byte[] version3 = GoldenPacket.SCCRQ.octets();
        version3[1] = 3;
        assertThat(L2tpHeader.version(version3)).isEqualTo(3);
        assertThat(L2tpHeader.version(GoldenPacket.SCCRQ.octets())).isEqualTo(2);
        assertThat(L2tpHeader.version(new byte[1])).isZero();
        assertThatThrownBy(() -> L2tpCodec.decode(version3, null))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("version 3");
    }

    @Test
    void pitfall28_stopCcn5NamesTheHighestVersion() {
        StopCcn stopCcn = new StopCcn(1, new ResultCode(5, ControlMessage.PROTOCOL_VERSION, null), List.of());
        assertThat(L2tpCodec.encodeBody(stopCcn, null).toHex()).endsWith("800a00000001" + "0005" + "0100");
    }

    private static ResultCode stopCcn(String resultCode) throws WireException {
        ControlBody body = Packets.of(MessageType.STOP_CCN)
                .avp(M, AvpType.RESULT_CODE, resultCode)
                .avp(AvpType.ASSIGNED_TUNNEL_ID)
                .decode();
        return ((StopCcn) body).result();
    }
}
