package io.warren.wire.l2tp;

import static io.warren.wire.l2tp.Packets.M;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireWriter;
import io.warren.wire.l2tp.ControlMessage.*;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables hold, and the decoder obeys them. */
class MessageTableTest {
    @Test
    void everyRowIsFoundByItsNumbers() {
        for (AvpType type : AvpType.values()) {
            assertThat(AvpType.of(type.vendorId(), type.wireType())).isEqualTo(type);
        }
        for (MessageType type : MessageType.values()) {
            assertThat(MessageType.of(type.wireId())).isEqualTo(type);
        }
    }

    @Test
    void whatNoRowHasIsUnknown() {
        assertThat(AvpType.of(0, 20)).isNull();
        assertThat(AvpType.of(0, 0xffff)).isNull();
        assertThat(AvpType.of(3561, 0)).isNull();
        assertThat(AvpType.of(9, 1)).isNull();
        assertThat(MessageType.of(0)).isNull();
        assertThat(MessageType.of(5)).isNull();
        assertThat(MessageType.of(0xffff)).isNull();
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void theRequiredAvpsAreEnough(MessageType type) throws WireException {
        ControlBody body = Packets.minimal(type).decode();
        assertThat(body).isInstanceOf(ControlMessage.class);
        assertThat(((ControlMessage) body).type()).isEqualTo(type);
        assertThat(((ControlMessage) body).others()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void everyPermittedAvpHasAComponent(MessageType type) throws WireException {
        Packets packet = Packets.of(type);
        type.permitted().forEach(packet::avp);
        ControlMessage message = (ControlMessage) packet.decode();
        assertThat(message.others()).isEmpty();
        Bytes body = L2tpCodec.encodeBody(message, null);
        assertThat(body.length()).isEqualTo(packet.octets().length - 12);
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void eachMissingRequiredAvpMakesTheMessageBad(MessageType type) throws WireException {
        for (AvpType missing : type.required()) {
            Packets packet = Packets.of(type);
            type.required().stream().filter(avp -> avp != missing).forEach(packet::avp);
            BadMessage bad = (BadMessage) packet.decode();
            assertThat(bad.errorCode()).isEqualTo(6);
            assertThat(bad.reason()).isEqualTo("AVP " + missing.rfcName() + " is missing");
            assertThat(bad.resultCode()).isEqualTo(new ResultCode(2, 6, bad.reason()));
        }
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void aRequiredAvpOfWrongLengthMakesTheMessageBad(MessageType type) throws WireException {
        for (AvpType wrong : type.required()) {
            if (wrong.form().shortest() == 0) {
                continue;
            }
            Packets packet = Packets.of(type).avp(0, wrong.vendorId(), wrong.wireType(), Bytes.EMPTY);
            type.required().forEach(packet::avp);
            BadMessage bad = (BadMessage) packet.decode();
            assertThat(bad.errorCode()).isEqualTo(2);
            assertThat(bad.reason()).contains(wrong.rfcName());
        }
    }

    /** RFC 2661 §7.1 has this example. */
    @Test
    void aMalformedOptionalAvpIsAsIfItWereNotThere() throws WireException {
        Packets packet = Packets.minimal(MessageType.ICCN).avp(0, AvpType.RX_CONNECT_SPEED, "2580");
        Iccn iccn = (Iccn) packet.decode();
        assertThat(iccn.rxConnectSpeed()).isNull();
        assertThat(iccn.others()).containsExactly(new Avp(false, 0, 38, Bytes.ofHex("2580")));
        Packets mandatory = Packets.minimal(MessageType.ICCN).avp(M, AvpType.RX_CONNECT_SPEED, "2580");
        assertThat(((BadMessage) mandatory.decode()).errorCode()).isEqualTo(2);
    }

    @Test
    void failoverAvpsOfWrongLength() throws WireException {
        Packets capability = Packets.minimal(MessageType.SCCRQ).avp(0, AvpType.FAILOVER_CAPABILITY, "0001");
        assertThat(((Sccrq) capability.decode()).failoverCapability()).isNull();
        Packets recovery = Packets.minimal(MessageType.SCCRQ).avp(M, AvpType.TUNNEL_RECOVERY, "000000010002");
        assertThat(((BadMessage) recovery.decode()).errorCode()).isEqualTo(2);
        Packets sequence = Packets.minimal(MessageType.SCCRP).avp(0, AvpType.SUGGESTED_CONTROL_SEQUENCE, "00010002");
        assertThat(((Sccrp) sequence.decode()).suggestedSequence()).isNull();
        for (MessageType type : List.of(MessageType.FSQ, MessageType.FSR)) {
            Packets states = Packets.minimal(type).avp(M, AvpType.FAILOVER_SESSION_STATE, "0000000100000002");
            assertThat(((BadMessage) states.decode()).errorCode()).isEqualTo(2);
        }
    }

    @Test
    void reservedBitsOfFailoverAvpsMeanNothing() throws WireException {
        Packets packet = Packets.minimal(MessageType.SCCRQ)
                .avp(0, AvpType.FAILOVER_CAPABILITY, "fffeffffffff")
                .avp(M, AvpType.TUNNEL_RECOVERY, "ffffffff0001ffff0002");
        Sccrq sccrq = (Sccrq) packet.decode();
        assertThat(sccrq.failoverCapability()).isEqualTo(new FailoverCapability(false, true, 0xffffffffL));
        assertThat(sccrq.tunnelRecovery()).isEqualTo(new TunnelRecovery(1, 2));
    }

    /** RFC 4951 §4: an older peer may ignore them. */
    @Test
    void fsqAndFsrAreNotMandatory() {
        assertThat(MessageType.FSQ.mandatory()).isFalse();
        assertThat(MessageType.FSR.mandatory()).isFalse();
    }

    @Test
    void aCallSerialNumberOfTwoOctetsIsAccepted() throws WireException {
        Packets packet = Packets.of(MessageType.ICRQ)
                .avp(AvpType.ASSIGNED_SESSION_ID)
                .avp(M, AvpType.CALL_SERIAL_NUMBER, "fffe");
        assertThat(((Icrq) packet.decode()).callSerialNumber()).isEqualTo(0xfffe);
        Packets three = Packets.of(MessageType.ICRQ)
                .avp(AvpType.ASSIGNED_SESSION_ID)
                .avp(M, AvpType.CALL_SERIAL_NUMBER, "00fffe");
        assertThat(three.decode()).isInstanceOf(BadMessage.class);
    }

    @ParameterizedTest
    @CsvSource({"SCCRQ, true", "SCCRP, true", "ICRQ, true", "ICRP, true", "OCRQ, true", "STOP_CCN, false", "CDN, false"
    })
    void anAssignedIdOfZeroIsRefusedWhereAnIdIsAssigned(MessageType type, boolean refused) throws WireException {
        Packets packet = Packets.of(type).avp(M, type.assignedId(), "0000");
        type.required().forEach(packet::avp);
        assertThat(packet.decode() instanceof BadMessage).isEqualTo(refused);
    }

    @Test
    void theFirstOfTwoEqualAvpsCounts() throws WireException {
        Packets packet = Packets.minimal(MessageType.ICRP)
                .avp(M, AvpType.ASSIGNED_SESSION_ID, "0002")
                .avp(M, AvpType.MESSAGE_TYPE, "0006");
        assertThat(packet.decode()).isEqualTo(new Icrp(1, List.of()));
    }

    @Test
    void anUnknownMessageTypeTellsItsMandatoryBit() throws WireException {
        Bytes type = new WireWriter().u16(17).toBytes();
        assertThat(new Packets().avp(M, 0, 0, type).decode()).isEqualTo(new UnknownMessage(17, true));
        assertThat(new Packets()
                        .avp(0, 0, 0, type)
                        .avp(AvpType.ASSIGNED_SESSION_ID)
                        .decode())
                .isEqualTo(new UnknownMessage(17, false));
    }

    @Test
    void proxyAvpsWithoutTheirTypeMeanNothing() throws WireException {
        Packets packet = Packets.minimal(MessageType.ICCN).avp(0, AvpType.PROXY_AUTHEN_RESPONSE, "aa");
        assertThat(((Iccn) packet.decode()).proxyAuthentication()).isNull();
    }

    @Test
    void textForPeopleIsCutToWhatAnAvpHolds() throws WireException {
        StopCcn stopCcn = new StopCcn(1, ResultCode.error(6, "é".repeat(2000)), List.of());
        byte[] packet =
                L2tpCodec.frame(1, 0, 0, 0, L2tpCodec.encodeBody(stopCcn, null)).toByteArray();
        StopCcn decoded = (StopCcn) L2tpCodec.decode(packet, null).body();
        assertThat(decoded.result().message()).isEqualTo("é".repeat(506));
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void sessionMessagesAreThoseOfCalls(MessageType type) {
        boolean ofTheTunnel = switch (type) {
            case SCCRQ, SCCRP, SCCCN, STOP_CCN, HELLO, FSQ, FSR, CSUN, CSURQ -> true;
            case OCRQ, OCRP, OCCN, ICRQ, ICRP, ICCN, CDN, WEN, SLI -> false;
        };
        assertThat(type.isSessionMessage()).isEqualTo(!ofTheTunnel);
    }
}
