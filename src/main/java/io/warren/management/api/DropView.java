package io.warren.management.api;

/**
 * Packets that went no further, for one reason.
 *
 * @param reason its short stable name
 * @param meaning the reason in words
 */
public record DropView(String reason, long packets, String meaning) {}
