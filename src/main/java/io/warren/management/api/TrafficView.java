package io.warren.management.api;

/**
 * IP packets and their octets; up is from the subscriber.
 *
 * @param drops packets dropped, both ways
 */
public record TrafficView(long upPackets, long upOctets, long downPackets, long downOctets, long drops) {}
