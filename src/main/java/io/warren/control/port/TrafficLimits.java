package io.warren.control.port;

import io.warren.config.RateLimits;

/**
 * What a call may use. Rates are of IP packets as the subscriber sees them, without L2TP and PPP headers; 0 is no limit.
 * A burst of 0 beside a rate is an eighth of a second's octets, and 64 KiB at least.
 *
 * @param upRate octets a second from the subscriber: 1,000 to 8 · 10<sup>9</sup>
 * @param upBurst octets that may come at once, beyond the rate: 9,000 (a packet of the largest link MTU) to
 *     2<sup>30</sup>
 * @param downRate octets a second to the subscriber
 * @param downBurst octets that may go at once, beyond the rate
 * @param packetRate packets a second, for each direction by itself, 10 to 10<sup>8</sup>: a guard against floods of
 *     small packets
 */
public record TrafficLimits(long upRate, long upBurst, long downRate, long downBurst, int packetRate) {
    static final long LEAST_RATE = 1_000;
    static final long MOST_RATE = 8_000_000_000L;

    public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0, 0);

    public TrafficLimits {
        check("rate", upRate, LEAST_RATE, MOST_RATE);
        check("rate", downRate, LEAST_RATE, MOST_RATE);
        check("burst", upBurst, 9_000, 1 << 30);
        check("burst", downBurst, 9_000, 1 << 30);
        check("packet rate", packetRate, 10, 100_000_000);
    }

    /** From the operator's units. */
    public static TrafficLimits of(RateLimits limits) {
        return new TrafficLimits(
                limits.up() / 8, limits.upBurst(), limits.down() / 8, limits.downBurst(), limits.packets());
    }

    /** In the operator's units. */
    public RateLimits inBits() {
        return new RateLimits(downRate * 8, upRate * 8, downBurst, upBurst, packetRate);
    }

    private static void check(String what, long value, long least, long most) {
        if (value != 0 && (value < least || value > most)) {
            throw new IllegalArgumentException(
                    "a " + what + " is 0 for none, or " + least + " to " + most + ", not " + value);
        }
    }
}
