package io.warren.sys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What needs no privilege; forwarding through a device is tested with the data plane. */
class TunDeviceTest {
    @Test
    void aNameThatTheKernelCannotTakeIsRefusedInWords() {
        for (String name : new String[] {"", "sixteen-letters-"}) {
            assertThatThrownBy(() -> TunDevice.open(name))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("1 to 15 characters");
        }
    }
}
