package io.warren.management;

/** The request is wrong; its message says how. */
final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String reason;

    BadRequest(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
