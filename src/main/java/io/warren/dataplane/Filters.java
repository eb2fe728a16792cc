package io.warren.dataplane;

import io.warren.config.FilterRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule lists that this node has, by name. {@code name} means both of its directions, {@code name.in} what the
 * subscriber sends, {@code name.out} what is sent to him (seen from the node, as is usual for Filter-Id, RFC 2865 §5.11).
 * A name that is not known here means nothing; where none is known nothing passes: somebody wanted the call behind a filter.
 */
public final class Filters {
    public static final Filters NONE = of(List.of());

    private final Map<String, PacketFilter> up = new HashMap<>();
    private final Map<String, PacketFilter> down = new HashMap<>();

    private Filters() {}

    public static Filters of(List<FilterRules> all) {
        Filters filters = new Filters();
        for (FilterRules rules : all) {
            filters.put(rules.name() + FilterRules.IN, rules.name() + FilterRules.OUT, rules);
        }
        // A name that ends like a direction is still a name.
        for (FilterRules rules : all) {
            filters.put(rules.name(), rules.name(), rules);
        }
        return filters;
    }

    private void put(String upName, String downName, FilterRules rules) {
        up.put(upName, PacketFilter.of(rules.up()));
        down.put(downName, PacketFilter.of(rules.down()));
    }

    /** The first of them that says something of what the subscriber sends. */
    @Nullable
    PacketFilter up(List<String> names) {
        return first(up, names);
    }

    /** The same of what is sent to him. */
    @Nullable
    PacketFilter down(List<String> names) {
        return first(down, names);
    }

    private @Nullable PacketFilter first(Map<String, PacketFilter> known, List<String> names) {
        for (String name : names) {
            PacketFilter filter = known.get(name);
            if (filter != null) {
                return filter.isOpen() ? null : filter;
            }
        }
        return names.isEmpty() || names.stream().anyMatch(this::isKnown) ? null : PacketFilter.CLOSED;
    }

    private boolean isKnown(String name) {
        return up.containsKey(name) || down.containsKey(name);
    }
}
