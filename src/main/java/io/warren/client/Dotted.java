package io.warren.client;

import java.time.Duration;
import java.util.Locale;

/** Addresses and times as people read them. */
final class Dotted {
    private Dotted() {}

    /** @param address a big-endian int */
    static String of(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / 1e6);
    }
}
