package io.warren.bench;

import java.io.Serial;

/** The benchmark cannot go on; the message says why, for the user. */
final class BenchFailed extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    BenchFailed(String message) {
        super(message);
    }

    BenchFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
