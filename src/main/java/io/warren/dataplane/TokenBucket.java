package io.warren.dataplane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A token bucket that any thread may ask, without a lock: the generic cell rate algorithm over one number, the mark up
 * to which tokens are spent. Marks are whole tokens since the bucket was made and not nanoseconds, so that nothing is
 * rounded per packet and the rate is exact over any time. A new bucket is full.
 */
final class TokenBucket {
    private static final VarHandle SPENT = spent();
    private static final long SECOND = 1_000_000_000L;

    /** Above this a second's tokens times a second's nanoseconds pass 63 bits. */
    private static final long LARGEST_RATE = Long.MAX_VALUE / SECOND;

    private static final long LARGEST_BURST = 1L << 48;

    private final long rate;
    private final long burst;
    private final long origin;

    @SuppressWarnings("UnusedVariable") // by VarHandle
    private long spent;

    /**
     * @param rate tokens that flow in each second, 1 to 9.2 · 10<sup>9</sup>
     * @param burst tokens that it holds at most, 1 to 2<sup>48</sup>; no packet that needs more is ever admitted
     * @param now by the same clock as all later times, in nanoseconds
     */
    TokenBucket(long rate, long burst, long now) {
        if (rate < 1 || rate > LARGEST_RATE || burst < 1 || burst > LARGEST_BURST) {
            throw new IllegalArgumentException("no bucket has a rate of " + rate + " and a burst of " + burst);
        }
        this.rate = rate;
        this.burst = burst;
        this.origin = now;
    }

    /** Takes {@code tokens} if they are there; takes nothing otherwise. */
    boolean admits(int tokens, long now) {
        long flowed = flowed(now - origin);
        while (true) {
            long mark = (long) SPENT.getOpaque(this);
            long next = Math.max(mark, flowed) + tokens;
            if (next - flowed > burst) {
                return false;
            }
            if (SPENT.weakCompareAndSetPlain(this, mark, next)) {
                return true;
            }
        }
    }

    /** Tokens that were taken and not used. */
    void giveBack(int tokens) {
        SPENT.getAndAdd(this, (long) -tokens);
    }

    /** Whether a bucket of this rate and burst would be this one. */
    boolean is(long otherRate, long otherBurst) {
        return rate == otherRate && burst == otherBurst;
    }

    /** Tokens that have flowed in so far, exactly: 30 years at the largest rate fit. */
    private long flowed(long nanos) {
        return nanos / SECOND * rate + nanos % SECOND * rate / SECOND;
    }

    private static VarHandle spent() {
        try {
            return MethodHandles.lookup().findVarHandle(TokenBucket.class, "spent", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
