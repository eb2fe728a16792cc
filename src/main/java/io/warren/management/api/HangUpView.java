package io.warren.management.api;

/**
 * A hang-up was accepted; the tunnel or call ends soon.
 *
 * @param id of the tunnel or call
 * @param result the code that the peer is told
 */
public record HangUpView(String id, int result) {}
