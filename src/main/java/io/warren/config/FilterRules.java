package io.warren.config;

import java.util.List;
import java.util.Set;

/**
 * A rule list under a name, for each direction. The first rule that fits a packet decides; what none fits is dropped, but
 * a direction without any rule lets all pass.
 *
 * @param up what the subscriber sends
 * @param down what is sent to him
 */
public record FilterRules(String name, List<FilterRule> up, List<FilterRule> down) {
    /** After a name, in a Filter-Id: what the subscriber sends. */
    public static final String IN = ".in";

    /** The same: what is sent to him. */
    public static final String OUT = ".out";

    /** Whether a Filter-Id means one of the lists with these names, or one direction of it. */
    public static boolean isMeant(String filterId, Set<String> names) {
        return names.contains(filterId) || isDirection(filterId, IN, names) || isDirection(filterId, OUT, names);
    }

    private static boolean isDirection(String filterId, String direction, Set<String> names) {
        return filterId.endsWith(direction)
                && names.contains(filterId.substring(0, filterId.length() - direction.length()));
    }

    public FilterRules {
        up = List.copyOf(up);
        down = List.copyOf(down);
    }
}
