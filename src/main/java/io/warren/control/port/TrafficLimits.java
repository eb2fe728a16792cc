package io.warren.control.port;

/**
 * What a call may use. Rates are of IP packets as the subscriber sees them, without L2TP and PPP headers; 0 is no limit.
 *
 * @param upRate octets a second from the subscriber
 * @param upBurst octets that may come at once, beyond the rate
 * @param downRate octets a second to the subscriber
 * @param downBurst octets that may go at once, beyond the rate
 * @param packetRate packets a second, for each direction by itself: a guard against floods of small packets
 */
public record TrafficLimits(long upRate, long upBurst, long downRate, long downBurst, int packetRate) {
    public static final TrafficLimits NONE = new TrafficLimits(0, 0, 0, 0, 0);

    public TrafficLimits {
        if (upRate < 0 || upBurst < 0 || downRate < 0 || downBurst < 0 || packetRate < 0) {
            throw new IllegalArgumentException("a traffic limit is 0 or more");
        }
    }
}
