package io.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.sys.PacketBuffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserPacketTest {
    private static final int FROM = 0x0a40_fffe;
    private static final int TO = 0xc613_0002;

    @ParameterizedTest
    @ValueSource(ints = {60, 61, 92, 93, 1_399, 1_400})
    void hasRightLengthsAndChecksums(int size) {
        PacketBuffers batch = new PacketBuffers(1, 0, 1_600);
        for (int sequence = 0; sequence < 300; sequence++) {
            UserPacket.write(batch, 0, size, 0xabcd_0123, FROM, TO, 3, 17, sequence, 123_456_789L);
            byte[] datagram =
                    batch.memory().asSlice(batch.start(0), batch.length(0)).toArray(ValueLayout.JAVA_BYTE);
            assertThat(datagram).startsWith(0x00, 0x02, 0xab, 0xcd, 0x01, 0x23, 0xff, 0x03, 0x00, 0x21, 0x45);
            ByteBuffer ip = ByteBuffer.wrap(datagram, 10, size).slice();
            assertThat(datagram).hasSize(10 + size);
            assertThat(ip.getShort(2)).isEqualTo((short) size);
            assertThat(ip.getShort(24)).isEqualTo((short) (size - 20));
            // A sum over what includes its own checksum is all ones (RFC 1071).
            assertThat(sum(ip, 0, 20)).isEqualTo(0xffff);
            assertThat(sum(ip, 12, size) + 17 + size - 20)
                    .satisfies(sum -> assertThat((sum & 0xffff) + (sum >>> 16)).isEqualTo(0xffff));
        }
    }

    private static int sum(ByteBuffer buffer, int from, int to) {
        int sum = 0;
        for (int index = from; index < to; index++) {
            int octet = buffer.get(index) & 0xff;
            sum += (index & 1) == 0 ? octet << 8 : octet;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0002 0011 0022 ff03 0021",
                "0002 0011 0022 0021",
                "0002 0011 0022 21",
                "4002 0056 0011 0022 ff03 0021",
                "0802 0011 0022 0001 0000 ff03 0021",
                "0202 0011 0022 0003 000000 ff03 0021"
            })
    void isFoundBehindEveryKindOfHeader(String header) {
        byte[] head = java.util.HexFormat.of().parseHex(header.replace(" ", ""));
        byte[] ip = new byte[28];
        ByteBuffer.wrap(ip)
                .put(0, (byte) 0x45)
                .put(9, (byte) 17)
                .putInt(16, FROM)
                .putShort(22, (short) CoreSide.SUBSCRIBER_PORT)
                .putShort(24, (short) 8);
        byte[] datagram =
                ByteBuffer.allocate(head.length + ip.length).put(head).put(ip).array();
        MemorySegment memory = MemorySegment.ofArray(datagram);
        assertThat(UserPacket.looksLikeOne(memory, 0, datagram.length)).isTrue();
        int at = UserPacket.ip(memory, 0, datagram.length);
        assertThat(at).isEqualTo(head.length);
        assertThat(UserPacket.ids(memory, 0)).isEqualTo(0x0011_0022);
        assertThat(UserPacket.destination(memory, at)).isEqualTo(FROM);
        assertThat(UserPacket.payloadLength(memory, 0, datagram.length, at)).isZero();
        for (int length = 0; length < datagram.length; length++) {
            assertThat(UserPacket.looksLikeOne(memory, 0, length)).isFalse();
        }
    }
}
