package io.warren.management.api;

/**
 * A part of the node that must work before it takes calls.
 *
 * @param name {@code udp}, {@code journal}, {@code tun}, {@code forwarding}
 * @param detail the address, the device, or why it is not ready
 */
public record PartView(String name, boolean ready, String detail) {}
