package io.warren.management.api;

/**
 * The journal since the node started.
 *
 * @param answering whether the last write or probe succeeded
 * @param events written
 * @param failures writes that failed
 */
public record JournalView(boolean answering, long events, long failures) {}
