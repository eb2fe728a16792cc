package io.warren.control.cluster.address;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Which address each user had last, of the users seen lately; each node tells the others of those that it served, and
 * what gets lost on the way does no harm. Safe for use by many threads.
 */
public final class LastAddresses {
    /** How many users are remembered unless told otherwise. */
    public static final int USERS = 65_536;

    private final Map<String, Integer> byUser;
    private volatile Consumer<UserAddress> listener = _ -> {};

    /** @param address as a big-endian int */
    public record UserAddress(String user, int address) {
        @Override
        public String toString() {
            return "UserAddress[" + Integer.toHexString(address) + "]";
        }
    }

    /** @param users remembered at most */
    public LastAddresses(int users) {
        byUser = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                return size() > users;
            }
        };
    }

    /** Is told of what changes on this node from now on, on whatever thread it does: do not block. */
    public void listen(Consumer<UserAddress> toChanges) {
        listener = toChanges;
    }

    /** What another node says. */
    public synchronized void learn(UserAddress news) {
        byUser.put(news.user(), news.address());
    }

    /** A user got an address on this node. */
    public void note(String user, int address) {
        if (user.isEmpty()) {
            return;
        }
        boolean isNews;
        synchronized (this) {
            Integer before = byUser.put(user, address);
            isNews = before == null || before != address;
        }
        if (isNews) {
            listener.accept(new UserAddress(user, address));
        }
    }

    public synchronized OptionalInt of(String user) {
        Integer address = byUser.get(user);
        return address == null ? OptionalInt.empty() : OptionalInt.of(address);
    }
}
