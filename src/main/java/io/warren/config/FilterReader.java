package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads the section {@code filters}. Its entries have names of the operator's, so their keys are known here. */
final class FilterReader {
    static final String SECTION = "warren.filters";

    /** What a filter has of which its entry does not speak. */
    static final Config DEFAULTS = ConfigFactory.parseString("up = [], down = []");

    /** Looked at one after the other for each packet. */
    private static final int MOST_RULES = 256;

    private static final String RIGHT = "write rules such as \"accept tcp from any to 192.0.2.0/24 port 80-443\"";

    private FilterReader() {}

    static List<FilterRules> read(Reading from, Config config) {
        List<FilterRules> filters = new ArrayList<>();
        for (String name : new TreeSet<>(config.getObject(SECTION).keySet())) {
            String key = ConfigUtil.joinPath("filters", name) + ".";
            filters.add(new FilterRules(
                    name,
                    from.list(key + "up", RIGHT, 0, MOST_RULES, FilterRule::parse),
                    from.list(key + "down", RIGHT, 0, MOST_RULES, FilterRule::parse)));
        }
        return List.copyOf(filters);
    }
}
