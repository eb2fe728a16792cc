package io.warren.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packets that go where a test says, whatever the balancer or the router would do. */
final class Steering implements AutoCloseable {
    private static final String BEFORE_THEIR_RULES = "5";

    private final List<String> ip;
    private final String table;
    private final List<String> packets;
    private boolean steers;

    /**
     * Does nothing yet.
     *
     * @param inside the words that run a program where the packets pass
     * @param family {@code -4} or {@code -6}
     * @param table number of a routing table that nobody else uses
     * @param packets which, in the words of ip-rule
     */
    Steering(List<String> inside, String family, String table, String... packets) {
        this.ip = Shell.join(inside, "ip", family);
        this.table = table;
        this.packets = List.of(packets);
    }

    /** From now on they go to this neighbour. */
    void to(String gateway) {
        run("route", "replace", "default", "via", gateway, "table", table);
        if (!steers) {
            rule("add");
            steers = true;
        }
    }

    private void rule(String what) {
        List<String> words = new ArrayList<>(List.of("rule", what, "priority", BEFORE_THEIR_RULES));
        words.addAll(packets);
        words.addAll(List.of("lookup", table));
        run(words.toArray(new String[0]));
    }

    private void run(String... words) {
        List<String> command = new ArrayList<>(ip);
        command.addAll(Arrays.asList(words));
        Shell.run(command);
    }

    /** From now on they go as ever. */
    @Override
    public void close() {
        if (steers) {
            rule("del");
            steers = false;
        }
    }
}
