package io.warren.wire;

/** The only failure that a decoder raises: what was wrong, and at which byte of the input. */
public final class WireException extends Exception {
    private final int offset;

    /** @param offset index of the offending byte, counted from the start of the outermost reader */
    public WireException(String reason, int offset) {
        super(reason + " at byte " + offset, null, false, false);
        this.offset = offset;
    }

    public int offset() {
        return offset;
    }
}
