package io.warren.dataplane;

import java.util.concurrent.atomic.AtomicInteger;

/** How many calls have histories of what was compressed, which lie outside the heap: so many and no more. Any thread may ask. */
final class DeflateCalls {
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    DeflateCalls(int most) {
        this.most = most;
    }

    boolean hasRoom() {
        return taken.get() < most;
    }

    /** False when there is no room. */
    boolean take() {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
    }
}
