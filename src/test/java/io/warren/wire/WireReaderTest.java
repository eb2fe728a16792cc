package io.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireReaderTest {
    private static final byte[] OCTETS =
            Bytes.ofHex("0102030405060708f1f2f3f4f5f6f7f8").toByteArray();

    @Test
    void readsBigEndianUnsignedNumbers() throws WireException {
        WireReader reader = WireReader.of(Bytes.ofHex("ff" + "fffe" + "fffffffd" + "fffffffffffffffc"));
        assertThat(reader.peekU8()).isEqualTo(0xff);
        assertThat(reader.u8()).isEqualTo(0xff);
        assertThat(reader.peekU16()).isEqualTo(0xfffe);
        assertThat(reader.u16()).isEqualTo(0xfffe);
        assertThat(reader.u32()).isEqualTo(0xfffffffdL);
        assertThat(reader.u64()).isEqualTo(-4L);
        assertThat(reader.isEmpty()).isTrue();
    }

    @Test
    void aWindowEndsWhereItsLengthSays() throws WireException {
        WireReader reader = WireReader.of(OCTETS, 4, 6);
        assertThat(reader.remaining()).isEqualTo(6);
        assertThat(reader.position()).isEqualTo(4);
        WireReader slice = reader.slice(2);
        assertThat(slice.rest()).isEqualTo(Bytes.ofHex("0506"));
        assertThat(reader.rest()).isEqualTo(Bytes.ofHex("0708f1f2"));
        assertThatThrownBy(slice::u8).isInstanceOf(WireException.class).hasMessage("needs 1 bytes, has 0 at byte 6");
    }

    @Test
    void nothingIsReadBeyondTheEndNorBackwards() {
        for (int length = 0; length < 8; length++) {
            int remaining = length;
            assertThatThrownBy(() -> WireReader.of(OCTETS, 0, remaining).u64()).isInstanceOf(WireException.class);
            assertThatThrownBy(() -> WireReader.of(OCTETS, 0, remaining).skip(remaining + 1))
                    .isInstanceOf(WireException.class);
            assertThatThrownBy(() -> WireReader.of(OCTETS, 0, remaining).take(remaining + 1))
                    .isInstanceOf(WireException.class);
            assertThatThrownBy(() -> WireReader.of(OCTETS, 0, remaining).slice(-1))
                    .isInstanceOf(WireException.class);
        }
    }

    @Test
    void aFailedReadConsumesNothing() throws WireException {
        WireReader reader = WireReader.of(OCTETS, 0, 1);
        assertThatThrownBy(reader::u16).isInstanceOf(WireException.class);
        assertThat(reader.u8()).isEqualTo(1);
    }

    @Test
    void malformedTextIsReplacedNotRefused() throws WireException {
        assertThat(WireReader.of(Bytes.ofHex("41ff42")).text()).isEqualTo("A\uFFFDB");
    }

    @Test
    void whatWasReadDoesNotChangeWithTheInput() throws WireException {
        byte[] input = {1, 2, 3};
        Bytes taken = WireReader.of(input).rest();
        input[0] = 9;
        assertThat(taken).isEqualTo(Bytes.of((byte) 1, (byte) 2, (byte) 3));
    }
}
