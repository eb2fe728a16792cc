package io.warren.control.session;

import io.warren.wire.l2tp.ResultCode;

/** The result codes of CDN, and what they mean (RFC 2661 §4.4.2). */
enum CdnResult {
    LOSS_OF_CARRIER(1, "loss of carrier"),
    GENERAL_ERROR(2, "general error"),
    ADMINISTRATIVE(3, "administrative reasons"),
    TEMPORARY_LACK_OF_FACILITIES(4, "lack of facilities, temporary"),
    PERMANENT_LACK_OF_FACILITIES(5, "lack of facilities, permanent"),
    INVALID_DESTINATION(6, "invalid destination"),
    NO_CARRIER(7, "no carrier detected"),
    BUSY(8, "busy signal"),
    NO_DIAL_TONE(9, "no dial tone"),
    NOT_ESTABLISHED_IN_TIME(10, "not established in time"),
    NO_FRAMING(11, "no appropriate framing detected");

    /** General error: one of the field values was out of range. */
    static final int VALUE_OUT_OF_RANGE = 3;

    /**
     * General error: the Session ID is invalid in this context. Also our answer to a message that the state tables of
     * §7.4 do not allow: the RFC has no code of its own for that in a CDN.
     */
    static final int SESSION_ID_INVALID_HERE = 5;

    private final int code;
    private final String words;

    CdnResult(int code, String words) {
        this.code = code;
        this.words = words;
    }

    int code() {
        return code;
    }

    /** With a text for people; an Error Message needs an Error Code before it, here 0, no general error. */
    ResultCode with(String message) {
        return new ResultCode(code, 0, message);
    }

    /** A received result in words. Error Code and Error Message may be absent. */
    static String describe(ResultCode result) {
        StringBuilder text = new StringBuilder("CDN ").append(result.code());
        for (CdnResult known : values()) {
            if (known.code == result.code()) {
                text.append(" (").append(known.words).append(')');
            }
        }
        if (result.errorCode() != null && result.errorCode() != 0) {
            text.append(", error ").append(result.errorCode());
        }
        if (result.message() != null && !result.message().isEmpty()) {
            text.append(": ").append(result.message());
        }
        return text.toString();
    }
}
