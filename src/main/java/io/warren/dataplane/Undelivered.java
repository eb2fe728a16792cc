package io.warren.dataplane;

/** Hears of a datagram that the kernel did not take. */
interface Undelivered {
    /** On the thread that sent. Counts the loss. */
    void lost(int errno, Drops drops);
}
