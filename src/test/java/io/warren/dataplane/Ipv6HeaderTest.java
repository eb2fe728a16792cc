package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class Ipv6HeaderTest {
    private static final byte[] DATA = new byte[20];

    private static int protocolAt(byte[] packet, int upper) {
        return Ipv6Header.protocolAt(MemorySegment.ofArray(packet), 0, packet.length, upper);
    }

    private static byte[] extended(int kind, int segmentsLeft) {
        byte[] extensions = IpPackets.extensions(17);
        extensions[0] = (byte) kind;
        extensions[11] = (byte) segmentsLeft;
        return IpPackets.ipv6(17, 1, 1, extensions, DATA);
    }

    @Test
    void aLengthMustFitIntoWhatThereIs() {
        byte[] packet = IpPackets.ipv6(59, 1, 1, new byte[0], DATA);
        MemorySegment memory = MemorySegment.ofArray(packet);
        assertThat(Ipv6Header.soundLength(memory, 0, 60)).isEqualTo(60);
        assertThat(Ipv6Header.soundLength(memory, 0, 59)).isEqualTo(-1);
        assertThat(Ipv6Header.soundLength(memory, 0, 39)).isEqualTo(-1);
        packet[5] = 10;
        assertThat(Ipv6Header.soundLength(memory, 0, 60)).as("padding").isEqualTo(50);
        packet[0] = 0x45;
        assertThat(Ipv6Header.soundLength(memory, 0, 60)).isEqualTo(-1);
    }

    @Test
    void theChainOfExtensionHeadersLeadsToTheUpperLayer() {
        assertThat(protocolAt(IpPackets.ipv6(6, 1, 1, new byte[0], DATA), 40)).isEqualTo(6);
        assertThat(protocolAt(extended(60, 0), 64)).isEqualTo(17);
        assertThat(protocolAt(extended(60, 0), 48))
                .as("the second extension header")
                .isEqualTo(60);
        assertThat(protocolAt(extended(60, 0), 56)).as("within it").isEqualTo(-1);
        assertThat(protocolAt(extended(60, 0), 200)).as("behind the end").isEqualTo(-1);
        assertThat(protocolAt(extended(44, 0), 64)).as("a fragment").isEqualTo(-1);
    }

    /** RFC 8200 §8.1: until a source route is at its end, the checksum covers another destination. */
    @Test
    void anUnfinishedSourceRouteHidesTheUpperLayer() {
        assertThat(protocolAt(extended(43, 0), 64)).isEqualTo(17);
        assertThat(protocolAt(extended(43, 1), 64)).isEqualTo(-1);
    }
}
