package io.warren.management.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packets between this node and another one of its cluster.
 *
 * @param node address and port of its relay
 * @param heard whether it was heard of within the last 400 ms; else its standby has its packets
 * @param in packets from it, by kind: {@code up} from peers, {@code down} to subscribers, {@code send} to be sent to a
 *     peer by us, {@code alive} signs of life
 * @param out packets to it, by the same kinds
 */
public record RelayView(String node, boolean heard, Map<String, Long> in, Map<String, Long> out) {
    /** In which order they are shown. */
    public static final List<String> KINDS = List.of("up", "down", "send", "alive");

    public RelayView {
        in = Collections.unmodifiableMap(new LinkedHashMap<>(in));
        out = Collections.unmodifiableMap(new LinkedHashMap<>(out));
    }
}
