package io.warren.wire.l2tp;

/** The general error codes of RFC 2661 §4.4.2 that a received message can give reason for. */
final class ErrorCode {
    static final int LENGTH_IS_WRONG = 2;
    static final int OUT_OF_RANGE = 3;
    /**
     * "Generic vendor-specific": for what no other code says truly, as a missing AVP. It asks for an explanation in the
     * Error Message, which we always give.
     */
    static final int SEE_MESSAGE = 6;

    static final int UNKNOWN_MANDATORY_AVP = 8;

    private ErrorCode() {}
}
