package io.warren.wire.l2tp;

/** A ZLB (RFC 2661 §5.8): acknowledges, takes no place in the sequence space. */
public record ZeroLengthBody() implements ControlBody {}
