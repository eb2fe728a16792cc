package io.warren.wire.ppp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.warren.wire.Bytes;
import io.warren.wire.WireException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EapPacketTest {
    private static final Map<String, EapPacket> GOLDEN = Map.of(
            "01 01 0005 01", new EapPacket.Request(1, EapPacket.IDENTITY, Bytes.EMPTY),
            "02 01 0008 01 626f62", new EapPacket.Response(1, EapPacket.IDENTITY, Bytes.ofHex("626f62")),
            "02 ff 0006 03 04", new EapPacket.Response(255, EapPacket.NAK, Bytes.ofHex("04")),
            "03 07 0004", new EapPacket.Success(7),
            "04 08 0004", new EapPacket.Failure(8));

    private static Bytes hex(String spaced) {
        return Bytes.ofHex(spaced.replace(" ", ""));
    }

    @Test
    void isReadAndWrittenAsTheRfcHasIt() throws WireException {
        for (Map.Entry<String, EapPacket> one : GOLDEN.entrySet()) {
            assertThat(EapPacket.decode(hex(one.getKey()))).isEqualTo(one.getValue());
            assertThat(one.getValue().encode()).isEqualTo(hex(one.getKey()));
        }
    }

    @Test
    void whatIsBehindTheLengthIsPadding() throws WireException {
        assertThat(EapPacket.decode(hex("01 01 0006 04 05 ffff")))
                .isEqualTo(new EapPacket.Request(1, 4, Bytes.ofHex("05")));
        assertThat(EapPacket.decode(hex("03 07 0004 00"))).isEqualTo(new EapPacket.Success(7));
    }

    @Test
    void whatIsTooShortOrOfAnotherCodeIsRefused() {
        for (String bad :
                new String[] {"", "01", "01 01 0005", "01 01 0004", "02 01 0003 01", "05 01 0004", "00 01 0004"}) {
            assertThatThrownBy(() -> EapPacket.decode(hex(bad))).isInstanceOf(WireException.class);
        }
    }

    @Test
    void anyOctetsAreReadOrRefused() {
        long seed = Long.getLong("warren.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int n = 0; n < 100_000; n++) {
            byte[] octets = new byte[random.nextInt(24)];
            random.nextBytes(octets);
            if (octets.length >= 4 && random.nextInt(4) != 0) {
                octets[0] = (byte) random.nextInt(6);
                octets[2] = 0;
                octets[3] = (byte) random.nextInt(26);
            }
            try {
                EapPacket packet = EapPacket.decode(Bytes.of(octets));
                assertThat(EapPacket.decode(packet.encode()))
                        .as("seed %d", seed)
                        .isEqualTo(packet);
            } catch (WireException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void aResponseDoesNotPrintWhatItHolds() {
        assertThat(new EapPacket.Response(1, 6, Bytes.ofHex("5ec4e7")).toString())
                .doesNotContain("5ec4e7");
    }
}
