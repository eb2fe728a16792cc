package io.warren.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketStreamTest {
    private static byte[] packet(int length, Random random) {
        byte[] packet = new byte[Math.max(4, length)];
        random.nextBytes(packet);
        packet[2] = (byte) (length >> 8);
        packet[3] = (byte) length;
        return packet;
    }

    private static PacketStream over(byte[] octets) {
        return new PacketStream(new ByteArrayInputStream(octets));
    }

    @Test
    void packetsComeWholeHoweverTheStreamIsCut() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            byte[] packet = packet(i == 0 ? 20 : i == 1 ? 4096 : 20 + random.nextInt(4077), random);
            sent.add(packet);
            all.writeBytes(packet);
        }
        InputStream whole = new ByteArrayInputStream(all.toByteArray());
        InputStream cut = new InputStream() {
            @Override
            public int read() throws IOException {
                return whole.read();
            }

            @Override
            public int read(byte[] into, int at, int length) throws IOException {
                return whole.read(into, at, Math.min(length, 1 + random.nextInt(3000)));
            }
        };
        PacketStream stream = new PacketStream(cut);
        for (byte[] packet : sent) {
            assertThat(stream.next()).as("seed %d", seed).isEqualTo(packet);
        }
        assertThat(stream.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 19, 4097, 65_535})
    void aLengthThatNoPacketHasIsAnError(int length) {
        assertThatThrownBy(() -> over(packet(length, new Random(1))).next())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(length + " octets");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 19})
    void anEndWithinAPacketIsAnError(int octets) {
        byte[] begun = Arrays.copyOf(packet(20, new Random(1)), octets);
        assertThatThrownBy(() -> over(begun).next()).isInstanceOf(EOFException.class);
    }
}
