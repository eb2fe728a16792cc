package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordSumTest {
    @Test
    void agreesWithTheSlowWayOnAnyOctets() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] octets = Samples.randomBytes(random, random.nextInt(random.nextBoolean() ? 40 : 3_000));
            int headroom = random.nextInt(9);
            MemorySegment memory = Samples.segment(octets, headroom);
            assertThat(~WordSum.of(memory, headroom, octets.length) & 0xffff)
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(Samples.slowChecksum(octets, 0, octets.length));
            if (octets.length >= 20) {
                assertThat(WordSum.ofTwenty(memory, headroom)).isEqualTo(WordSum.of(memory, headroom, 20));
            }
        }
    }

    /** The largest sum there is must not overflow, and is told from none at all. */
    @Test
    void onesAndZerosAreKeptApart() {
        byte[] ones = new byte[65_535];
        assertThat(WordSum.of(MemorySegment.ofArray(ones), 0, ones.length)).isZero();
        Arrays.fill(ones, (byte) 0xff);
        assertThat(WordSum.of(MemorySegment.ofArray(ones), 0, 65_534)).isEqualTo(0xffff);
        assertThat(WordSum.of(MemorySegment.ofArray(ones), 0, 65_535)).isEqualTo(0xff00);
        assertThat(WordSum.fold(Long.MAX_VALUE)).isEqualTo(0x7fff);
    }
}
