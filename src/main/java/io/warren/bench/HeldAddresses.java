package io.warren.bench;

import java.util.HashSet;
import java.util.Set;

/** The addresses of all calls that are up, to see whether one is given twice. For any thread. */
final class HeldAddresses {
    private final Set<Integer> held = new HashSet<>();
    private int duplicates;

    /** @return whether nobody else had it */
    synchronized boolean take(int address) {
        boolean free = held.add(address);
        if (!free) {
            duplicates++;
        }
        return free;
    }

    synchronized void giveBack(int address) {
        held.remove(address);
    }

    /** How often an address was given to a call while another had it. */
    synchronized int duplicates() {
        return duplicates;
    }
}
