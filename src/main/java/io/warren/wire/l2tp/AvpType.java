package io.warren.wire.l2tp;

/** The AVPs that we know. */
public enum AvpType {
    MESSAGE_TYPE
}
