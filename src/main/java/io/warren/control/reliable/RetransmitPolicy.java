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
}
