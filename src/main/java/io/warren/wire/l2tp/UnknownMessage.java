package io.warren.wire.l2tp;

/**
 * A message type that we do not know. RFC 2661 §4.4.1: with the M bit the tunnel must be terminated (error code 8),
 * without it the message is ignored, but still acknowledged.
 */
public record UnknownMessage(int messageType, boolean mandatory) implements ControlBody {}
