package io.warren.dataplane;

import static io.warren.dataplane.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.warren.dataplane.Decapsulate.Kind;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecapsulateTest {
    private final Decapsulate header = new Decapsulate();

    private Kind read(String packet) {
        byte[] octets = hex(packet);
        return header.read(Samples.segment(octets, 16), 16, octets.length);
    }

    private DropReason refuse(String packet) {
        assertThat(read(packet)).isEqualTo(Kind.BAD);
        return header.reason();
    }

    /** Every combination of Length, Sequence, Offset and Priority. */
    @Test
    void readsEveryVariantOfTheDataHeader() {
        byte[] frame = hex("ff030021 45");
        for (int bits = 0; bits < 16; bits++) {
            int flags = ((bits & 1) != 0 ? 0x4000 : 0)
                    | ((bits & 2) != 0 ? 0x0800 : 0)
                    | ((bits & 4) != 0 ? 0x0200 : 0)
                    | ((bits & 8) != 0 ? 0x0100 : 0);
            for (int pad = 0; pad <= ((bits & 4) != 0 ? 5 : 0); pad++) {
                byte[] packet = Samples.data(flags, 0x8001, 0xfffe, pad, frame);
                assertThat(header.read(Samples.segment(packet, 16), 16, packet.length))
                        .as("flags %04x pad %d", flags, pad)
                        .isEqualTo(Kind.DATA);
                assertThat(header.key()).isEqualTo(0x8001_fffe);
                assertThat(header.payloadLength()).isEqualTo(frame.length);
                assertThat(header.payload()).isEqualTo(16 + packet.length - frame.length);
                for (int cut = 0; cut < packet.length - frame.length; cut++) {
                    assertThat(header.read(Samples.segment(packet, 0), 0, cut))
                            .as("flags %04x pad %d cut %d", flags, pad, cut)
                            .isEqualTo(Kind.BAD);
                }
            }
        }
    }

    @Test
    void theLengthFieldCutsOffWhatFollows() {
        assertThat(read("4002 000a 0001 0002 c021 ffff")).isEqualTo(Kind.DATA);
        assertThat(header.payloadLength()).isEqualTo(2);
    }

    @Test
    void refusesLengthsAndOffsetsThatLeadOut() {
        assertThat(refuse("4002 000d 0001 0002 c021 ffff")).isEqualTo(DropReason.BAD_LENGTH);
        assertThat(refuse("4002 0007 0001 0002 c021 ffff")).isEqualTo(DropReason.BAD_LENGTH);
        assertThat(refuse("0202 0001 0002 0001")).isEqualTo(DropReason.BAD_OFFSET);
        assertThat(refuse("0202 0001 0002 ffff c021")).isEqualTo(DropReason.BAD_OFFSET);
        assertThat(refuse("0202 0001 0002")).isEqualTo(DropReason.SHORT_HEADER);
    }

    @Test
    void refusesOtherVersions() {
        assertThat(refuse("0001 0001 0002 c021")).isEqualTo(DropReason.BAD_VERSION);
        assertThat(refuse("0003 0000 0001 0002 c021")).isEqualTo(DropReason.BAD_VERSION);
        assertThat(refuse("c80f 000c 0000 0000 0000 0000")).isEqualTo(DropReason.BAD_VERSION);
        assertThat(refuse("c803 000c 0000 0007 0000 0000")).isEqualTo(DropReason.BAD_VERSION);
        assertThat(read("c803 000c 0000 0000 0000 0000")).isEqualTo(Kind.CONTROL_V3);
    }

    @Test
    void aControlPacketNeedsLengthAndSequenceAndNoOffset() {
        assertThat(read("c802 000c 0001 0000 0000 0000")).isEqualTo(Kind.CONTROL);
        assertThat(refuse("8802 000c 0001 0000 0000 0000")).isEqualTo(DropReason.BAD_CONTROL_HEADER);
        assertThat(refuse("c002 000c 0001 0000 0000 0000")).isEqualTo(DropReason.BAD_CONTROL_HEADER);
        assertThat(refuse("ca02 000c 0001 0000 0000 0000")).isEqualTo(DropReason.BAD_CONTROL_HEADER);
        assertThat(refuse("c802 000c 0001 0000 0000")).isEqualTo(DropReason.SHORT_HEADER);
        assertThat(refuse("c802 000b 0001 0000 0000 0000")).isEqualTo(DropReason.BAD_LENGTH);
        assertThat(refuse("c802 000d 0001 0000 0000 0000")).isEqualTo(DropReason.BAD_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({
        "ff03002145, 4",
        "ff032145, 3",
        "002145, 2",
        "2145, 1",
        "ff030021, 4",
        "21, 1",
        "ff03c021, -1",
        "c021, -1",
        "0057, -1",
        "ff03, -1",
        "ff, -1",
        "00, -1",
        "ff0300, -1",
        "'', -1"
    })
    void pitfall21_addressControlAndProtocolAreTakenInEveryForm(String frame, int expected) {
        byte[] octets = hex(frame);
        assertThat(Decapsulate.pppHeaderBefore(Decapsulate.IPV4, Samples.segment(octets, 2), 2, octets.length))
                .isEqualTo(expected);
    }

    @Test
    void anyOctetsAreReadWithoutLeavingThePacket() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200_000; round++) {
            byte[] packet = Samples.randomBytes(random, random.nextInt(24));
            if (packet.length > 1 && random.nextInt(8) > 0) {
                packet[1] = (byte) ((packet[1] & 0xf0) | 2);
            }
            Kind kind = header.read(MemorySegment.ofArray(packet), 0, packet.length);
            if (kind == Kind.DATA) {
                assertThat(header.payload() + header.payloadLength())
                        .as("seed %d round %d", seed, round)
                        .isBetween(6L, (long) packet.length);
                assertThat(header.payloadLength()).isNotNegative();
            }
        }
    }
}
