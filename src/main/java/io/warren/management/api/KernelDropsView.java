package io.warren.management.api;

/**
 * Packets that the kernel dropped before we saw them, or after we gave them away.
 *
 * @param udpQueueOverflow no room in a UDP socket's receive buffer
 * @param tunQueueOverflow for subscribers: the TUN device's queue to us was full
 * @param tunRefused from subscribers: the network stack had no room for what we wrote
 */
public record KernelDropsView(long udpQueueOverflow, long tunQueueOverflow, long tunRefused) {}
