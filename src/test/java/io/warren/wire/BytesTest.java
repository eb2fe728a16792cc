package io.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void equalOctetsAreEqualValues() {
        assertThat(Bytes.ofHex("0a0b"))
                .isEqualTo(Bytes.of((byte) 10, (byte) 11))
                .hasSameHashCodeAs(Bytes.ofHex("0a0b"));
        assertThat(Bytes.ofHex("0a0b")).isNotEqualTo(Bytes.ofHex("0a0c"));
        assertThat(Bytes.ofHex("")).isSameAs(Bytes.EMPTY);
    }

    @Test
    void cannotBeChangedFromOutside() {
        byte[] octets = {1, 2};
        Bytes bytes = Bytes.of(octets);
        octets[0] = 9;
        bytes.toByteArray()[1] = 9;
        assertThat(bytes.toHex()).isEqualTo("0102");
        assertThat(bytes.at(1)).isEqualTo(2);
    }

    @Test
    void textShowsTheLengthOnly() {
        assertThat(Bytes.ofHex("736563726574")).hasToString("Bytes[6]");
    }
}
