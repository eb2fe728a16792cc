package io.warren.dataplane;

import static io.warren.dataplane.Samples.address;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Ipv4FragmentsTest {
    @Test
    void thePiecesFitAndMakeUpTheWholeAgain() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            String context = "seed " + seed + " round " + round;
            byte[] data = Samples.randomBytes(random, 1 + random.nextInt(3_000));
            int earlier = random.nextInt(3);
            boolean more = random.nextBoolean();
            byte[] packet =
                    Samples.ipv4(17, address("192.0.2.1"), address("10.64.0.9"), (more ? 0x2000 : 0) | earlier, data);
            int mtu = 68 + random.nextInt(1_400);
            int step = Ipv4Fragments.dataPerFragment(MemorySegment.ofArray(packet), 0, mtu);
            byte[] rebuilt = new byte[data.length];
            for (int skip = 0; skip < data.length; skip += step) {
                byte[] piece = new byte[mtu];
                int length = Ipv4Fragments.write(
                        MemorySegment.ofArray(packet), 0, packet.length, skip, step, MemorySegment.ofArray(piece), 0);
                assertThat(Ipv4Header.soundLength(MemorySegment.ofArray(piece), 0, length))
                        .isEqualTo(length);
                assertThat(Samples.slowChecksum(piece, 0, 20)).as(context).isZero();
                int field = ByteBuffer.wrap(piece).getShort(6) & 0xffff;
                assertThat(field & 0x1fff).as(context).isEqualTo(earlier + skip / 8);
                assertThat((field & 0x2000) != 0).as(context).isEqualTo(more || skip + step < data.length);
                System.arraycopy(piece, 20, rebuilt, skip, length - 20);
            }
            assertThat(rebuilt).as(context).isEqualTo(data);
        }
    }

    @Test
    void optionsThatAreNotToBeCopiedAreBlankedInLaterFragments() {
        byte[] packet = Samples.ipv4(17, 1, 2, 0, Samples.concat(Samples.hex("0703040a 8303040a"), new byte[32]));
        packet[0] = 0x47;
        MemorySegment source = MemorySegment.ofArray(packet);
        byte[] later = new byte[64];
        Ipv4Fragments.write(source, 0, packet.length, 16, 16, MemorySegment.ofArray(later), 0);
        assertThat(Arrays.copyOfRange(later, 20, 28)).isEqualTo(Samples.hex("0101010a 8303040a"));
    }

    @Test
    void noRoomForDataMeansNoFragments() {
        byte[] packet = Samples.ipv4(17, 1, 2, 0, new byte[100]);
        assertThat(Ipv4Fragments.dataPerFragment(MemorySegment.ofArray(packet), 0, 27))
                .isZero();
        assertThat(Ipv4Fragments.dataPerFragment(MemorySegment.ofArray(packet), 0, 10))
                .isZero();
    }
}
