package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceNumberTest {
    @Test
    void wrapsAt65536() {
        assertThat(SequenceNumber.next(0xffff)).isZero();
        assertThat(SequenceNumber.plus(0xfffe, 5)).isEqualTo(3);
        assertThat(SequenceNumber.plus(1, -3)).isEqualTo(0xfffe);
        assertThat(SequenceNumber.distance(0xfffe, 1)).isEqualTo(3);
    }

    @Test
    void pitfall02_comparesByHalfWindow() {
        for (int reference : new int[] {0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff}) {
            for (int back = 0; back < 0x10000; back++) {
                int number = SequenceNumber.plus(reference, -back);
                assertThat(SequenceNumber.isAtOrBefore(number, reference)).isEqualTo(back < 0x8000);
                assertThat(SequenceNumber.isAfter(number, reference)).isEqualTo(back >= 0x8000);
            }
        }
    }
}
