package io.warren.config;

import java.util.List;

/**
 * A rule list under a name, for each direction. The first rule that fits a packet decides; what none fits is dropped, but
 * a direction without any rule lets all pass.
 *
 * @param up what the subscriber sends
 * @param down what is sent to him
 */
public record FilterRules(String name, List<FilterRule> up, List<FilterRule> down) {
    public FilterRules {
        up = List.copyOf(up);
        down = List.copyOf(down);
    }
}
