package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterfaceDropsTest {
    private static final List<String> LINES = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:  123456     789    0    0    0     0          0         0   123456     789    0    0    0     0       0          0
            warren0: 9000000   10000    0   12    0     0          0         0  8000000    9000    0  345    0     0       0          0
            """.lines().toList();

    @Test
    void readsTheDropsOfBothDirections() {
        assertThat(InterfaceDrops.parse(LINES, "warren0")).isEqualTo(new InterfaceDrops(12, 345));
        assertThat(InterfaceDrops.parse(LINES, "lo")).isEqualTo(InterfaceDrops.NONE);
    }

    @Test
    void whatIsNotThereHasDroppedNothing() {
        assertThat(InterfaceDrops.parse(LINES, "warren1")).isEqualTo(InterfaceDrops.NONE);
        assertThat(InterfaceDrops.parse(List.of("warren0: 1 2 3", "x"), "warren0"))
                .isEqualTo(InterfaceDrops.NONE);
        assertThat(InterfaceDrops.read("no-such-device")).isEqualTo(InterfaceDrops.NONE);
    }
}
