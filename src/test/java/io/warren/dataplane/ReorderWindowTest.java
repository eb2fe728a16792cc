package io.warren.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReorderWindowTest {
    private static final int LARGEST = 1_500;
    private static final int FRAMES = 16;
    private static final long HOLD = 20_000_000;

    private final ReorderWindow window = new ReorderWindow(FRAMES, LARGEST, 32, HOLD);
    private final MemorySegment memory = Arena.ofAuto().allocate(4_000);
    private final List<Integer> passed = new ArrayList<>();

    private void pass(MemorySegment frames, long at, int length) {
        passed.add(Octets.i32(frames, at));
        assertThat(Octets.u8(frames, at + length - 1)).isEqualTo(0x7e);
    }

    /** Takes a frame whose number is the lower half of {@code number}; its first octets are {@code number}. */
    private @Nullable DropReason take(int number, int length, long now) {
        Octets.put32(memory, 9, number);
        Octets.put8(memory, 9 + length - 1, 0x7e);
        return window.take(number & 0xffff, memory, 9, length, now, this::pass);
    }

    private void takeAll(int... numbers) {
        for (int number : numbers) {
            assertThat(take(number, 60, 0)).as("frame %d", number).isNull();
        }
    }

    @Test
    void framesInOrderPassAtOnceAndTakeNoMemory() {
        takeAll(0, 1, 2);
        assertThat(passed).containsExactly(0, 1, 2);
        assertThat(window.deadline()).isEqualTo(ReorderWindow.NEVER);
    }

    @Test
    void theFirstFrameSaysWhereThePeerIs() {
        takeAll(40_000, 40_001);
        assertThat(passed).containsExactly(40_000, 40_001);
        assertThat(window.lost()).isZero();
    }

    @Test
    void aGapIsWaitedForAndClosed() {
        takeAll(0, 2, 4, 3);
        assertThat(passed).containsExactly(0);
        takeAll(1);
        assertThat(passed).containsExactly(0, 1, 2, 3, 4);
        assertThat(window.reordered()).as("3 and 1 came late").isEqualTo(2);
        assertThat(window.lost()).isZero();
    }

    @Test
    void aGapThatStaysIsPassedOverInTime() {
        takeAll(0, 2);
        assertThat(take(4, 60, 5)).isNull();
        assertThat(window.deadline()).isEqualTo(HOLD);
        window.expire(HOLD - 1, this::pass);
        assertThat(passed).containsExactly(0);
        window.expire(HOLD, this::pass);
        assertThat(passed).containsExactly(0, 2);
        assertThat(window.deadline()).isEqualTo(HOLD + 5);
        assertThat(take(5, 60, HOLD + 5)).isNull();
        assertThat(passed).containsExactly(0, 2, 4, 5);
        assertThat(window.lost()).isEqualTo(2);
        assertThat(take(3, 60, HOLD + 6)).isEqualTo(DropReason.OUT_OF_ORDER);
        assertThat(window.old()).isOne();
    }

    @Test
    void aFullWindowGoesOn() {
        takeAll(0);
        for (int number = 2; number <= 17; number++) {
            takeAll(number);
        }
        assertThat(passed).containsExactly(0);
        takeAll(18);
        assertThat(passed).hasSize(18).endsWith(17, 18);
        assertThat(window.lost()).isOne();
    }

    @Test
    void whatComesTwicePassesOnce() {
        takeAll(0, 2);
        assertThat(take(2, 60, 0)).isEqualTo(DropReason.OUT_OF_ORDER);
        assertThat(take(0, 60, 0)).isEqualTo(DropReason.OUT_OF_ORDER);
        takeAll(1);
        assertThat(passed).containsExactly(0, 1, 2);
        assertThat(window.old()).isEqualTo(2);
    }

    @Test
    void aJumpBeyondTheWindowIsFollowed() {
        takeAll(0, 2, 500, 501);
        assertThat(passed).containsExactly(0, 2, 500, 501);
        assertThat(window.lost()).isEqualTo(1 + 497);
    }

    /** After a restart the peer counts from 0, which looks old for up to half of all numbers. */
    @Test
    void aPeerThatCountsAnewIsFollowedAfterAWindow() {
        takeAll(30_000, 30_001, 30_003);
        for (int number = 0; number < FRAMES - 1; number++) {
            assertThat(take(number, 60, 0)).isEqualTo(DropReason.OUT_OF_ORDER);
        }
        takeAll(15, 16);
        assertThat(passed).containsExactly(30_000, 30_001, 30_003, 15, 16);
    }

    /** RFC 2661 §5.8 says which numbers are old: the last one and the 32,767 before it. */
    @Test
    void pitfall2_sequenceCompareIsAHalfWindowTest() {
        takeAll(0xffff);
        assertThat(take(0xffff, 60, 0)).isEqualTo(DropReason.OUT_OF_ORDER);
        assertThat(take(0x8000, 60, 0)).as("32,767 before the last").isEqualTo(DropReason.OUT_OF_ORDER);
        takeAll(0x7fff);
        assertThat(passed).as("32,768 after the last").containsExactly(0xffff, 0x7fff);
    }

    @Test
    void numbersWrap() {
        takeAll(0xfffe, 0x10000, 0x10001, 0xffff);
        assertThat(passed).containsExactly(0xfffe, 0xffff, 0x10000, 0x10001);
    }

    @Test
    void aFrameTooLargeToBeHeldIsNotWaitedFor() {
        takeAll(0, 2);
        assertThat(take(4, LARGEST + 1, 0)).isNull();
        assertThat(passed).containsExactly(0, 2, 4);
        takeAll(7);
        assertThat(take(6, LARGEST + 1, 0)).isNull();
        assertThat(passed).containsExactly(0, 2, 4, 6, 7);
        assertThat(window.lost()).isEqualTo(3);
    }

    /** Frames that overtake each other by less than the window, with losses and copies, against a sorted list. */
    @Test
    void agreesWithASortedListWhileFramesOvertakeByLessThanTheWindow() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int number = 0x10000 + random.nextInt(0x10000);
        takeAll(number);
        record Sent(int number, int slot) {}
        List<Sent> sent = new ArrayList<>();
        for (int index = 1; index < 200_000; index++) {
            if (random.nextInt(40) > 0) {
                int slot = index + (random.nextInt(10) == 0 ? random.nextInt(15) : 0);
                sent.add(new Sent(number + index, slot));
                if (random.nextInt(100) == 0) {
                    sent.add(new Sent(number + index, slot + random.nextInt(15)));
                }
            }
        }
        List<Sent> arriving = new ArrayList<>(sent);
        arriving.sort(Comparator.comparingInt(Sent::slot));
        for (Sent it : arriving) {
            take(it.number, 4 + random.nextInt(100) + 1, it.slot);
        }
        window.expire(Long.MAX_VALUE, this::pass);
        List<Integer> wanted = new ArrayList<>(List.of(number));
        sent.stream().map(Sent::number).distinct().sorted().forEach(wanted::add);
        assertThat(passed).as("seed %d", seed).isEqualTo(wanted);
        assertThat(window.old()).as("seed %d", seed).isEqualTo(sent.size() + 1 - passed.size());
        assertThat(window.lost()).isEqualTo(passed.getLast() - number + 1 - passed.size());
    }

    @Test
    void anyNumbersPassAtMostOnceEachAndNeverGoBackUnlessThePeerCountsAnew() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int taken = 0;
        int at = 0;
        long now = 0;
        for (int round = 0; round < 200_000; round++) {
            at += random.nextInt(50) == 0 ? random.nextInt() : random.nextInt(-3, 5);
            now += random.nextInt(50) == 0 ? HOLD : random.nextLong(HOLD / 20);
            int number = at & 0xffff;
            int length = random.nextInt(30) == 0 ? LARGEST + 1 : 6;
            long time = now;
            assertThatCode(() -> take(number, length, time))
                    .as("seed %d round %d", seed, round)
                    .doesNotThrowAnyException();
            taken++;
            if (random.nextInt(20) == 0) {
                window.expire(now, this::pass);
                assertThat(window.deadline()).isGreaterThan(now);
            }
        }
        window.expire(Long.MAX_VALUE, this::pass);
        assertThat(passed.size() + window.old()).as("seed %d", seed).isEqualTo(taken);
        int back = 0;
        for (int index = 1; index < passed.size(); index++) {
            if (((passed.get(index) - passed.get(index - 1)) & 0xffff) - 1 >= 0x8000) {
                back++;
            }
        }
        assertThat(back).as("seed %d", seed).isLessThanOrEqualTo((int) window.old() / (FRAMES - 1));
    }
}
