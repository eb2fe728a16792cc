package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class L2tpHeaderTest {
    private static final Bytes FRAME = Bytes.ofHex("ff03c021090100080a0b0c0d");

    @Test
    void theShortestDataHeader() {
        assertThat(L2tpCodec.data(0x1234, 0x5678, FRAME).toHex()).isEqualTo("0002" + "1234" + "5678" + FRAME.toHex());
    }

    @Test
    void theLongestDataHeader() {
        DataPacket packet = new DataPacket(0x1234, 0x5678, true, 0xfffe, FRAME);
        assertThat(L2tpCodec.data(packet, true, 3).toHex())
                .isEqualTo("4b02" + "001d" + "1234" + "5678" + "fffe" + "0000" + "0003" + "000000" + FRAME.toHex());
    }

    @ParameterizedTest
    @ValueSource(ints = {L2tpCodec.NO_OFFSET, 0, 1, 17})
    void everyVariantOfADataPacketComesBack(int offset) throws WireException {
        for (int variant = 0; variant < 8; variant++) {
            Integer ns = (variant & 1) != 0 ? 77 : null;
            DataPacket packet = new DataPacket(9, 10, (variant & 2) != 0, ns, FRAME);
            byte[] octets = L2tpCodec.data(packet, (variant & 4) != 0, offset).toByteArray();
            assertThat(L2tpCodec.decodeData(octets)).isEqualTo(packet);
            L2tpHeader header = L2tpHeader.decode(octets);
            assertThat(header.control()).isFalse();
            assertThat(header.sequenced()).isEqualTo(ns != null);
            assertThat(octets.length - header.payloadStart()).isEqualTo(FRAME.length());
            assertThat(header.payloadEnd()).isEqualTo(octets.length);
        }
    }

    @Test
    void bytesAfterTheLengthFieldSaysAreNoPayload() throws WireException {
        byte[] octets =
                Bytes.ofHex("4002" + "000a" + "0001" + "0002" + "aabb" + "cccc").toByteArray();
        assertThat(L2tpCodec.decodeData(octets).frame()).isEqualTo(Bytes.ofHex("aabb"));
    }

    @Test
    void reservedBitsAreIgnored() throws WireException {
        byte[] octets = Bytes.ofHex("34f2" + "0001" + "0002" + "aabb").toByteArray();
        assertThat(L2tpCodec.decodeData(octets)).isEqualTo(new DataPacket(1, 2, false, null, Bytes.ofHex("aabb")));
        byte[] hello = GoldenPacket.HELLO.octets();
        hello[0] |= 0x34;
        hello[1] |= (byte) 0xf0;
        assertThat(L2tpCodec.decode(hello, null).body()).isEqualTo(new ControlMessage.Hello());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8802000100000000", // control without Length
                "c002000c0001000000000000", // control without Ns, Nr
                "ca02000c0001000000000000", // control with Offset
                "c902000c0001000000000000", // control with Priority
                "c802000b0001000000000000", // Length shorter than the header
                "c802000d0001000000000000", // Length beyond the datagram
                "c803000c0001000000000000", // version 3
                "c801000c0001000000000000", // version 1: L2F
                "0202000100020005aabb", // Offset beyond the datagram
                "42020009000100020001aabb", // Offset beyond the Length
                "0002000100", // truncated
                "c8",
                ""
            })
    void aWrongHeaderIsRefused(String hex) {
        assertThatThrownBy(() -> L2tpHeader.decode(Bytes.ofHex(hex).toByteArray()))
                .isInstanceOf(WireException.class);
    }

    @Test
    void controlAndDataAreNotTakenForEachOther() {
        assertThatThrownBy(() -> L2tpCodec.decodeData(GoldenPacket.HELLO.octets()))
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> L2tpCodec.decode(L2tpCodec.data(1, 2, FRAME).toByteArray(), null))
                .isInstanceOf(WireException.class);
        assertThat(L2tpHeader.isControl(GoldenPacket.HELLO.octets())).isTrue();
        assertThat(L2tpHeader.isControl(L2tpCodec.data(1, 2, FRAME).toByteArray()))
                .isFalse();
        assertThat(L2tpHeader.isControl(new byte[0])).isFalse();
    }
}
