package io.warren.management.api;

/**
 * What a call may use; 0, or left out when it is set, is no limit. Down is to the subscriber.
 *
 * @param downBurstOctets that may go at once beyond the rate; 0: what suits the rate
 * @param packetsPerSecond for each direction by itself
 */
public record LimitsView(
        long downBitsPerSecond, long upBitsPerSecond, long downBurstOctets, long upBurstOctets, int packetsPerSecond) {}
