package io.warren.wire.l2tp;

/** What a control packet carries after its header. */
public sealed interface ControlBody permits ControlMessage, ZeroLengthBody, UnknownMessage, BadMessage {}
