package io.warren.app.message;

/** A message that cannot be written, or octets that are no message. Tells nothing of what is in it: that may be a secret. */
public final class MessageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MessageException(String message) {
        super(message);
    }
}
