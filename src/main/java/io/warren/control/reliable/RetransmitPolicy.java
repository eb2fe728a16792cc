package io.warren.control.reliable;

import java.time.Duration;

/**
 * When to repeat an unacknowledged message (RFC 2661 §5.8): first after {@code initial}, doubling each time up to
 * {@code cap} (no less than 8 s by the RFC), and give up after {@code attempts} repetitions.
 */
public record RetransmitPolicy(Duration initial, Duration cap, int attempts) {
    /** The RFC's recommendation: 1, 2, 4, 8, 8 s; the peer is dead after 31 s. */
    public static final RetransmitPolicy RECOMMENDED =
            new RetransmitPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 5);

    /** A shift beyond this would overflow; the cap has long been reached. */
    private static final int MOST_DOUBLINGS = 20;

    /** @param transmissions how often the message has been sent, from 1 */
    Duration waitAfter(int transmissions) {
        Duration wait = initial.multipliedBy(1L << Math.min(transmissions - 1, MOST_DOUBLINGS));
        return wait.compareTo(cap) < 0 ? wait : cap;
    }

    /** The same, but the peer counts as dead only this much later, or somewhat more. */
    public RetransmitPolicy withPatience(Duration more) {
        long whole = more.dividedBy(cap);
        long repetitions = cap.multipliedBy(whole).equals(more) ? whole : whole + 1;
        return repetitions == 0
                ? this
                : new RetransmitPolicy(initial, cap, (int) Math.min(attempts + repetitions, Integer.MAX_VALUE - 1));
    }

    /** A full retransmission cycle: from the first transmission until the peer counts as dead. */
    public Duration cycle() {
        Duration sum = Duration.ZERO;
        for (int transmission = 1; transmission <= attempts + 1; transmission++) {
            sum = sum.plus(waitAfter(transmission));
        }
        return sum;
    }
}
