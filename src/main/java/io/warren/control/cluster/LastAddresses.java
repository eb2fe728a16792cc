package io.warren.control.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/**
 * Which address a user had last, wherever in the cluster: he is to get it again when it is free. Forgets the users that
 * were not heard of for the longest time. Safe to use from any thread.
 */
public final class LastAddresses {
    private final Map<String, Integer> addresses;
    private volatile BiConsumer<String, Integer> others = (_, _) -> {};

    /** @param most users to remember */
    public LastAddresses(int most) {
        addresses = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > most;
            }
        };
    }

    void announceBy(BiConsumer<String, Integer> announcer) {
        others = announcer;
    }

    /** The user got this address here. */
    public void got(String user, int address) {
        heard(user, address);
        others.accept(user, address);
    }

    synchronized void heard(String user, int address) {
        addresses.put(user, address);
    }

    /** The user's last address as a big-endian int. */
    public synchronized OptionalInt of(String user) {
        Integer address = addresses.get(user);
        return address == null ? OptionalInt.empty() : OptionalInt.of(address);
    }
}
