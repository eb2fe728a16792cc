package io.warren.management.api;

import java.util.List;
import java.util.Map;

/**
 * A node.
 *
 * @param listen where L2TP is spoken
 * @param ready whether all {@code parts} are
 * @param refusals tunnels and calls refused, by reason
 */
public record NodeView(
        String name,
        String version,
        String since,
        List<String> listen,
        boolean ready,
        List<PartView> parts,
        int tunnels,
        int sessions,
        JournalView journal,
        Map<String, Long> refusals) {
    public NodeView {
        listen = List.copyOf(listen);
        parts = List.copyOf(parts);
        refusals = Map.copyOf(refusals);
    }
}
