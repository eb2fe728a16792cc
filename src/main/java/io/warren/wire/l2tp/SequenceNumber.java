package io.warren.wire.l2tp;

/** Arithmetic of Ns and Nr (RFC 2661 §5.8): 16 bits, modulo 65,536, half of the space before a number and half after. */
public final class SequenceNumber {
    private static final int MASK = 0xffff;
    private static final int HALF = 0x8000;

    private SequenceNumber() {}

    public static int next(int number) {
        return (number + 1) & MASK;
    }

    /** @param count may be negative */
    public static int plus(int number, int count) {
        return (number + count) & MASK;
    }

    /** How many steps lead forward from {@code from} to {@code to}, 0 to 65,535. */
    public static int distance(int from, int to) {
        return (to - from) & MASK;
    }

    /** Whether {@code number} is {@code reference} or one of the 32,767 numbers before it. */
    public static boolean isAtOrBefore(int number, int reference) {
        return distance(number, reference) < HALF;
    }

    /** Whether {@code number} is one of the 32,768 numbers after {@code reference}. */
    public static boolean isAfter(int number, int reference) {
        return !isAtOrBefore(number, reference);
    }
}
