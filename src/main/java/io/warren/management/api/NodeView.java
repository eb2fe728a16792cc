package io.warren.management.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node.
 *
 * @param listen where L2TP is spoken
 * @param ready whether all {@code parts} are
 * @param refusals tunnels and calls refused, by reason
 * @param radius what happened between the node and RADIUS servers, by its name
 * @param member null for a node by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
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
        Map<String, Long> refusals,
        Map<String, Long> radius,
        @Nullable MemberView member) {
    public NodeView {
        listen = List.copyOf(listen);
        parts = List.copyOf(parts);
        refusals = Map.copyOf(refusals);
        radius = Map.copyOf(radius);
    }
}
