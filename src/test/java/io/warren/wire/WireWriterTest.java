package io.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireWriterTest {
    @Test
    void writesBigEndianAndGrows() {
        WireWriter writer = new WireWriter(0)
                .u8(0x101)
                .u16(0x2345)
                .u32(0xfedcba98L)
                .u64(0x0123456789abcdefL)
                .text("é")
                .bytes(Bytes.ofHex("00ff"));
        assertThat(writer.toBytes().toHex())
                .isEqualTo("01" + "2345" + "fedcba98" + "0123456789abcdef" + "c3a9" + "00ff");
    }

    @Test
    void aLengthIsWrittenLater() {
        WireWriter writer = new WireWriter().u16(0).u8(7);
        writer.patchU16(0, writer.position());
        assertThat(writer.toBytes().toHex()).isEqualTo("000307");
        assertThatThrownBy(() -> writer.patchU16(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theResultDoesNotChangeWithFurtherWriting() {
        WireWriter writer = new WireWriter(8).u8(1);
        Bytes first = writer.toBytes();
        writer.u8(2);
        assertThat(first.toHex()).isEqualTo("01");
    }
}
