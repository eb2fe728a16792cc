package io.warren.wire.l2tp;

import org.jspecify.annotations.Nullable;

/**
 * The Result Code AVP of StopCCN and CDN (RFC 2661 §4.4.2).
 *
 * @param code result code, whose meaning depends on the message
 * @param errorCode general error code, absent from many peers' messages
 * @param message text for people, absent from many peers' messages
 */
public record ResultCode(
        int code, @Nullable Integer errorCode, @Nullable String message) {
    public static ResultCode of(int code) {
        return new ResultCode(code, null, null);
    }

    /** A general error: result code 2 with an error code. */
    public static ResultCode error(int errorCode, String message) {
        return new ResultCode(2, errorCode, message);
    }
}
