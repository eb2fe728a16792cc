package io.warren.management.api;

/**
 * Which offloads of the kernel are in use.
 *
 * @param udpSegment many datagrams leave as one (UDP_SEGMENT)
 * @param udpGro many datagrams arrive as one (UDP_GRO)
 * @param tunTcp the TUN device takes and gives large TCP packets
 * @param tunUdp the same for UDP
 * @param queues sockets for each address, and queues of the TUN device
 */
public record OffloadsView(boolean udpSegment, boolean udpGro, boolean tunTcp, boolean tunUdp, int queues) {}
