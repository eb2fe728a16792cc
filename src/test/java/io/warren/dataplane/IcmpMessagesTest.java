package io.warren.dataplane;

import static io.warren.dataplane.Samples.GATEWAY;
import static io.warren.dataplane.Samples.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpMessagesTest {
    private static final int HOST = address("10.64.0.9");

    private static boolean isEchoRequest(byte[] packet) {
        return IcmpMessages.isEchoRequest(MemorySegment.ofArray(packet), 0, packet.length);
    }

    @Test
    void knowsAnEchoRequest() {
        byte[] ping = Samples.echoRequest(HOST, GATEWAY, 3);
        assertThat(isEchoRequest(ping)).isTrue();
        byte[] reply = ping.clone();
        reply[20] = 0;
        assertThat(isEchoRequest(reply)).isFalse();
        byte[] damaged = ping.clone();
        damaged[30] ^= 1;
        assertThat(isEchoRequest(damaged)).isFalse();
        byte[] fragment = ping.clone();
        fragment[6] = 0x20;
        assertThat(isEchoRequest(fragment)).isFalse();
        assertThat(isEchoRequest(Samples.ipv4(1, HOST, GATEWAY, 0, new byte[7])))
                .isFalse();
    }

    @Test
    void turnsItIntoTheReply() {
        for (int size = 0; size < 70; size++) {
            byte[] packet = Samples.echoRequest(HOST, GATEWAY, size);
            byte[] request = packet.clone();
            IcmpMessages.turnIntoEchoReply(MemorySegment.ofArray(packet), 0);
            assertThat(ByteBuffer.wrap(packet).getInt(12)).isEqualTo(GATEWAY);
            assertThat(ByteBuffer.wrap(packet).getInt(16)).isEqualTo(HOST);
            assertThat(packet[20]).isZero();
            assertThat(Samples.slowChecksum(packet, 0, 20)).isZero();
            assertThat(Samples.slowChecksum(packet, 20, packet.length)).isZero();
            assertThat(Arrays.copyOfRange(packet, 24, packet.length))
                    .isEqualTo(Arrays.copyOfRange(request, 24, request.length));
        }
    }

    @Test
    void complainsOfAPacketThatDoesNotFit() {
        byte[] packet = Samples.ipv4(17, address("192.0.2.1"), HOST, 0x4000, new byte[1_000]);
        byte[] complaint = new byte[IcmpMessages.LARGEST_COMPLAINT];
        int length = IcmpMessages.fragmentationNeeded(
                MemorySegment.ofArray(packet), 0, packet.length, MemorySegment.ofArray(complaint), 0, GATEWAY, 900);
        assertThat(length).isEqualTo(20 + 8 + 20 + 8);
        assertThat(Arrays.copyOfRange(complaint, 12, 20)).isEqualTo(Samples.hex("0a400001 c0000201"));
        assertThat(Arrays.copyOfRange(complaint, 20, 22)).isEqualTo(Samples.hex("0304"));
        assertThat(ByteBuffer.wrap(complaint).getShort(26)).isEqualTo((short) 900);
        assertThat(Arrays.copyOfRange(complaint, 28, 56)).isEqualTo(Arrays.copyOf(packet, 28));
        assertThat(Samples.slowChecksum(complaint, 0, 20)).isZero();
        assertThat(Samples.slowChecksum(complaint, 20, length)).isZero();
    }

    @Test
    void doesNotComplainOfAnIcmpError() {
        byte[] error = Samples.ipv4(1, HOST, HOST, 0x4000, Samples.hex("0301000000000000"));
        int length = IcmpMessages.fragmentationNeeded(
                MemorySegment.ofArray(error), 0, error.length, MemorySegment.ofArray(new byte[200]), 0, GATEWAY, 20);
        assertThat(length).isZero();
    }

    /** RFC 1122 §3.2.2: an address that is no single host's must not be answered. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "224.0.0.5", "255.255.255.255"})
    void doesNotComplainToWhatIsNoHost(String source) {
        byte[] packet = Samples.ipv4(17, address(source), HOST, 0x4000, new byte[1_000]);
        int length = IcmpMessages.fragmentationNeeded(
                MemorySegment.ofArray(packet), 0, packet.length, MemorySegment.ofArray(new byte[200]), 0, GATEWAY, 900);
        assertThat(length).isZero();
    }
}
