package io.warren.wire.l2tp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import io.warren.wire.WireWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the bytes are, decoding gives a value or a WireException, and the value is bounded by the bytes. */
class MalformedPacketTest {
    @ParameterizedTest
    @EnumSource(GoldenPacket.class)
    void everyTruncation(GoldenPacket golden) {
        byte[] octets = golden.octets();
        for (int length = 0; length < octets.length; length++) {
            byte[] cut = Arrays.copyOf(octets, length);
            assertThatThrownBy(() -> L2tpCodec.decode(cut, GoldenPacket.SECRET))
                    .as("%s cut to %d", golden, length)
                    .isInstanceOf(WireException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(GoldenPacket.class)
    void everyTruncationWithItsLengthFieldRight(GoldenPacket golden) {
        byte[] octets = golden.octets();
        for (int length = 4; length < octets.length; length++) {
            byte[] cut = Arrays.copyOf(octets, length);
            cut[2] = (byte) (length >>> 8);
            cut[3] = (byte) length;
            decodeSafely(cut, golden + " cut to " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(GoldenPacket.class)
    void everySingleBitFlip(GoldenPacket golden) {
        byte[] octets = golden.octets();
        for (int bit = 0; bit < octets.length * 8; bit++) {
            byte[] flipped = octets.clone();
            flipped[bit / 8] ^= (byte) (0x80 >>> bit % 8);
            decodeSafely(flipped, golden + " with bit " + bit + " flipped");
        }
    }

    @Test
    void manyFlipsAndNoise() {
        long seed = Long.getLong("warren.seed", new SecureRandom().nextLong());
        Random random = new Random(seed);
        GoldenPacket[] goldens = GoldenPacket.values();
        for (int i = 0; i < 30_000; i++) {
            byte[] octets = goldens[random.nextInt(goldens.length)].octets();
            for (int flips = random.nextInt(8); flips >= 0; flips--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            decodeSafely(octets, "seed " + seed + ", packet " + i);
        }
    }

    @Test
    void randomBytesBehindARightHeader() {
        long seed = Long.getLong("warren.seed", new SecureRandom().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            byte[] packet = L2tpCodec.frame(1, 0, 0, 0, Bytes.of(noise)).toByteArray();
            decodeSafely(packet, "seed " + seed + ", packet " + i);
        }
    }

    @Test
    void theNumberOfAvpsIsBounded() throws WireException {
        Packets most = Packets.of(MessageType.HELLO);
        for (int i = 0; i < ReceivedAvps.MOST_AVPS; i++) {
            most.avp(0, 9, i, Bytes.EMPTY);
        }
        assertThat(((ControlMessage) most.decode()).others()).hasSize(ReceivedAvps.MOST_AVPS);
        most.avp(0, 9, 999, Bytes.EMPTY);
        assertThatThrownBy(most::decode).isInstanceOf(WireException.class).hasMessageContaining("more than 256 AVPs");
    }

    @Test
    void theFirstAvpMustBeAPlainMessageType() {
        assertThatThrownBy(() -> new Packets().avp(AvpType.ASSIGNED_TUNNEL_ID).decode())
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> new Packets()
                        .avp(Packets.M | Packets.H, AvpType.MESSAGE_TYPE, "0006")
                        .decode())
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() ->
                        new Packets().avp(Packets.M, 9, 0, Bytes.ofHex("0006")).decode())
                .isInstanceOf(WireException.class);
        assertThatThrownBy(() -> new Packets()
                        .avp(Packets.M, AvpType.MESSAGE_TYPE, "000006")
                        .decode())
                .isInstanceOf(WireException.class);
    }

    @Test
    void anUnknownMessageWithBrokenFramingIsNotBelieved() {
        Bytes broken =
                new WireWriter().u16(0x8008).u16(0).u16(0).u16(99).u16(0x8005).toBytes();
        assertThatThrownBy(() ->
                        L2tpCodec.decode(L2tpCodec.frame(1, 0, 0, 0, broken).toByteArray(), null))
                .isInstanceOf(WireException.class);
    }

    private static void decodeSafely(byte[] octets, String description) {
        assertThatCode(() -> {
                    try {
                        ControlPacket packet = L2tpCodec.decode(octets, GoldenPacket.SECRET);
                        assertThat(PacketText.describe(packet))
                                .doesNotContain("\n")
                                .hasSizeLessThan(2000);
                        if (packet.body() instanceof ControlMessage message) {
                            L2tpCodec.encodeBody(message, null);
                        }
                    } catch (WireException expected) {
                        assertThat(expected.offset()).isBetween(0, octets.length);
                    }
                })
                .as(description)
                .doesNotThrowAnyException();
    }
}
