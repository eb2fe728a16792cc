package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {
    @Test
    void theExampleOfRfc1071() {
        byte[] octets = Samples.hex("0001 f203 f4f5 f6f7");
        assertThat(InternetChecksum.of(MemorySegment.ofArray(octets), 0, 8)).isEqualTo(~0xddf2 & 0xffff);
    }

    /** RFC 1624 §4 shows where the older equation of RFC 1141 gives 0xffff; the right answer is 0. */
    @Test
    void theExampleOfRfc1624() {
        assertThat(InternetChecksum.update(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Test
    void agreesWithTheSlowWayOnAnyOctets() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] octets = Samples.randomBytes(random, random.nextInt(100));
            MemorySegment memory = Samples.segment(octets, 3);
            assertThat(InternetChecksum.of(memory, 3, octets.length))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(Samples.slowChecksum(octets, 0, octets.length));
        }
    }

    @Test
    void updatingIsTheSameAsComputingAnew() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] octets = Samples.randomBytes(random, 20);
            int before = Samples.slowChecksum(octets, 0, 20);
            int at = 2 * random.nextInt(10);
            int old = ByteBuffer.wrap(octets).getShort(at) & 0xffff;
            int fresh = random.nextInt(0x10000);
            ByteBuffer.wrap(octets).putShort(at, (short) fresh);
            assertThat(InternetChecksum.update(before, old, fresh))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(Samples.slowChecksum(octets, 0, 20));
        }
    }
}
