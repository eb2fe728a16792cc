package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    @Test
    void givesItsBurstAtOnceAndNoMore() {
        TokenBucket bucket = new TokenBucket(1_000, 3_000, 17);
        assertThat(bucket.admits(1_500, 17)).isTrue();
        assertThat(bucket.admits(1_500, 17)).isTrue();
        assertThat(bucket.admits(1, 17)).isFalse();
    }

    @Test
    void aRefusedPacketCostsNothing() {
        TokenBucket bucket = new TokenBucket(1_000, 3_000, 0);
        assertThat(bucket.admits(2_000, 0)).isTrue();
        assertThat(bucket.admits(1_001, 0)).isFalse();
        assertThat(bucket.admits(1_000, 0)).isTrue();
    }

    @Test
    void fillsAtItsRateToTheNanosecond() {
        TokenBucket bucket = new TokenBucket(1_000, 1_000, 0);
        assertThat(bucket.admits(1_000, 0)).isTrue();
        assertThat(bucket.admits(500, SECOND / 2 - 1)).isFalse();
        assertThat(bucket.admits(500, SECOND / 2)).isTrue();
    }

    @Test
    void neverHoldsMoreThanItsBurst() {
        TokenBucket bucket = new TokenBucket(1_000_000, 5_000, 0);
        assertThat(bucket.admits(5_001, HOUR)).isFalse();
        assertThat(bucket.admits(5_000, HOUR)).isTrue();
        assertThat(bucket.admits(1, HOUR)).isFalse();
    }

    /** 51.2 ns a packet, 7 ns, and rates that divide nothing: rounding each packet would be wrong by percents. */
    @ParameterizedTest
    @ValueSource(longs = {8_000, 1_000_003, 1_250_000_000L, 8_999_999_999L})
    void isExactOverALongTimeAlsoWithSmallPackets(long rate) {
        long origin = -7 * HOUR;
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TokenBucket bucket = new TokenBucket(rate, 100_000, origin);
        long passed = 0;
        long now = origin;
        int step = (int) Math.max(1, 64 * SECOND / rate / 2);
        for (int packet = 0; packet < 2_000_000; packet++) {
            now += random.nextInt(step + 1);
            if (bucket.admits(64, now)) {
                passed += 64;
            }
        }
        // asked about four times as often as it can grant: the bucket was never full again
        double allowed = 100_000 + (double) rate / SECOND * (now - origin);
        assertThat((double) passed).as("seed %d", seed).isBetween(allowed - 128, allowed);
    }

    @Test
    void worksAfterMonthsOfSilenceAndYearsOfUse() {
        TokenBucket bucket = new TokenBucket(8_000_000_000L, 1 << 30, Long.MAX_VALUE - HOUR);
        long now = Long.MAX_VALUE - HOUR;
        for (int month = 0; month < 12 * 25; month++) {
            // the clock's own overflow is passed in the first hour
            now += 730 * HOUR;
            assertThat(bucket.admits(1 << 30, now)).as("month %d", month).isTrue();
            assertThat(bucket.admits(1, now)).isFalse();
            assertThat(bucket.admits(8, now + 1)).isTrue();
        }
    }

    @Test
    void aClockThatIsALittleBehindOnAnotherThreadGivesNothingTwice() {
        TokenBucket bucket = new TokenBucket(1_000, 1_000, 0);
        assertThat(bucket.admits(1_000, SECOND)).isTrue();
        assertThat(bucket.admits(1, SECOND - 1_000_000)).isFalse();
        assertThat(bucket.admits(1, SECOND)).isFalse();
        assertThat(bucket.admits(1, SECOND + 1_000_000)).isTrue();
    }

    @Test
    void severalThreadsTogetherGetWhatOneWould() throws InterruptedException {
        TokenBucket bucket = new TokenBucket(1, 1_000_000, 0);
        AtomicLong passed = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int packet = 0; packet < 400_000; packet++) {
                    if (bucket.admits(1, 0)) {
                        passed.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(passed).hasValue(1_000_000);
    }

    @Test
    void refusesToBeMadeForWhatItCannotCount() {
        assertThatThrownBy(() -> new TokenBucket(0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenBucket(1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenBucket(10_000_000_000L, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
