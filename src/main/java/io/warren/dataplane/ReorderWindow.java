package io.warren.dataplane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Puts the data packets of one session into the order of their Ns (RFC 2661 §5.4), which counts modulo 65,536 (§3.1).
 * A frame after a gap is copied and held until the gap closes, the window is full or a time has passed; nothing is ever
 * asked for again. Frames that are late or come twice are dropped. For one thread; takes no memory before the first gap.
 *
 * <p>Numbers far ahead, and a whole window of consecutive numbers from the past, mean that the peer counts anew: from
 * there on it is followed.
 */
final class ReorderWindow {
    /** Takes the frames in order. */
    @FunctionalInterface
    interface Output {
        /**
         * @param memory the memory given to {@link #take}, or the window's own, which is valid until the next call of
         *     the window only
         */
        void pass(MemorySegment memory, long at, int length);
    }

    /** The most frames that a window may hold. */
    static final int MOST_FRAMES = 32;

    /** What {@link #deadline} says when nothing is held. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int NUMBERS = 0xffff;

    /** From this distance on a number counts as one of the past: the last one and the 32,767 before it. */
    private static final int HALF = 0x8000;

    /** Frames held at most; a power of two, so that a number's place stays the same when numbers wrap. */
    private final int window;

    private final int largest;
    private final int headroom;
    private final long holdNanos;

    private MemorySegment frames = MemorySegment.NULL;
    private final int[] lengths;
    private final long[] arrivals;

    /** One bit for each place that holds a frame. */
    private int held;

    private boolean synchronised;
    private int expected;

    /** The number that would continue the run of old ones, and how long that run is. */
    private int oldNext;

    private int oldRun;

    private long reordered;
    private long lost;
    private long old;

    /**
     * @param frames held at most, 1 to {@link #MOST_FRAMES}; rounded up to a power of two
     * @param largest octets of the largest frame that is held; larger ones are not waited for
     * @param headroom octets before a held frame that whoever takes it may write to
     * @param holdNanos how long a frame waits for those before it
     */
    ReorderWindow(int frames, int largest, int headroom, long holdNanos) {
        this.window = Integer.highestOneBit(2 * frames - 1);
        this.lengths = new int[window];
        this.arrivals = new long[window];
        this.largest = largest;
        this.headroom = headroom;
        this.holdNanos = holdNanos;
    }

    /** Frames that came after a later one and were still put before it. */
    long reordered() {
        return reordered;
    }

    /** Numbers that were passed over; a frame that comes later nevertheless counts as old, too. */
    long lost() {
        return lost;
    }

    /** Frames dropped since their number had been passed, or held, already. */
    long old() {
        return old;
    }

    /** When {@link #expire} has something to do at the latest, by the clock of {@code now}; {@link #NEVER} if not. */
    long deadline() {
        if (held == 0) {
            return NEVER;
        }
        long earliest = Long.MAX_VALUE;
        for (int place = 0; place < window; place++) {
            if ((held & (1 << place)) != 0) {
                earliest = Math.min(earliest, arrivals[place]);
            }
        }
        return earliest + holdNanos;
    }

    /**
     * Takes a frame, and passes on whatever is in order now.
     *
     * @param ns its number, 0 to 65,535
     * @param now nanoseconds, of any clock that does not go back and whose numbers are not negative
     * @return null, or why the frame was dropped
     */
    @Nullable
    DropReason take(int ns, MemorySegment memory, long at, int length, long now, Output out) {
        if (held != 0) {
            expire(now, out);
        }
        if (!synchronised) {
            synchronised = true;
            expected = ns;
        }
        if (ahead(ns) >= HALF && !peerCountsAnew(ns, out)) {
            return drop();
        }
        oldRun = 0;
        boolean holdable = length <= largest;
        giveUpGapsBefore(ns, holdable, out);
        int ahead = ahead(ns);
        if (ahead >= HALF || (ahead > 0 && ahead <= window && isHeld(ns))) {
            return drop();
        }
        if (ahead > 0 && ahead <= window && holdable) {
            hold(ns, memory, at, length, now);
        } else {
            lost += ahead;
            expected = ns;
            next(memory, at, length, out);
        }
        return null;
    }

    /** Passes on frames that have waited long enough, and those that follow them. */
    void expire(long now, Output out) {
        while (held != 0 && deadline() <= now) {
            advance(out);
        }
    }

    /** How far a number is from the one expected, 0 to 65,535. */
    private int ahead(int ns) {
        return (ns - expected) & NUMBERS;
    }

    private DropReason drop() {
        old++;
        return DropReason.OUT_OF_ORDER;
    }

    private void next(MemorySegment memory, long at, int length, Output out) {
        if (held != 0) {
            reordered++;
        }
        out.pass(memory, at, length);
        expected = (expected + 1) & NUMBERS;
        if (held != 0) {
            release(out);
        }
    }

    /** Goes on, gap by gap, until the number lies in the window or, if its frame cannot be held, is the next. */
    private void giveUpGapsBefore(int ns, boolean holdable, Output out) {
        while (held != 0 && ahead(ns) < HALF && firstHeld() < ahead(ns) && (!holdable || ahead(ns) > window)) {
            advance(out);
        }
    }

    /** Whether numbers of the past have come in a row for so long that they are the peer's new numbers. */
    private boolean peerCountsAnew(int ns, Output out) {
        oldRun = ns == oldNext ? oldRun + 1 : 1;
        oldNext = (ns + 1) & NUMBERS;
        if (oldRun < window) {
            return false;
        }
        while (held != 0) {
            advance(out);
        }
        expected = ns;
        return true;
    }

    private void hold(int ns, MemorySegment memory, long at, int length, long now) {
        if (frames.byteSize() == 0) {
            frames = Arena.ofAuto().allocate((long) window * stride(), 64);
        }
        if (lastHeld() > ahead(ns)) {
            reordered++;
        }
        int place = ns & (window - 1);
        MemorySegment.copy(memory, at, frames, start(place), length);
        lengths[place] = length;
        arrivals[place] = now;
        held |= 1 << place;
    }

    /** Gives up the gap before the first frame held, and passes on that frame and those that follow it. */
    private void advance(Output out) {
        int gap = firstHeld();
        lost += gap;
        expected = (expected + gap) & NUMBERS;
        release(out);
    }

    private void release(Output out) {
        while (isHeld(expected)) {
            int place = expected & (window - 1);
            held &= ~(1 << place);
            expected = (expected + 1) & NUMBERS;
            out.pass(frames, start(place), lengths[place]);
        }
    }

    private boolean isHeld(int ns) {
        return (held & (1 << (ns & (window - 1)))) != 0;
    }

    /** How far the first frame held is from the number expected: 1 to the window, when there is one. */
    private int firstHeld() {
        int ahead = 1;
        while (ahead < window && !isHeld(expected + ahead)) {
            ahead++;
        }
        return ahead;
    }

    private int lastHeld() {
        int ahead = window;
        while (ahead > 0 && !isHeld(expected + ahead)) {
            ahead--;
        }
        return ahead;
    }

    private int stride() {
        return (headroom + largest + 63) & ~63;
    }

    private long start(int place) {
        return (long) place * stride() + headroom;
    }
}
