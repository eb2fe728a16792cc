package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.HashMap;
import java.util.Map;

/** Sections whose entries have names of the operator's, each with the same keys. */
final class NamedSections {
    /** What an entry has of which it does not speak, by the section that it is in. */
    static final Map<String, Config> DEFAULTS = all();

    private NamedSections() {}

    private static Map<String, Config> all() {
        Map<String, Config> all = new HashMap<>(RadiusReader.DEFAULTS);
        all.put(PeerReader.SECTION, PeerReader.DEFAULTS);
        all.put(FilterReader.SECTION, FilterReader.DEFAULTS);
        return Map.copyOf(all);
    }

    /** The same with the defaults of each entry. */
    static Config completed(Config config) {
        return defaults(config, config);
    }

    /** The shipped defaults, and those of each entry in the file. */
    static Config defaults(Config config, Config shipped) {
        Config defaults = shipped;
        for (Map.Entry<String, Config> named : DEFAULTS.entrySet()) {
            for (String name : config.getObject(named.getKey()).keySet()) {
                String path = named.getKey() + "." + ConfigUtil.joinPath(name);
                defaults = defaults.withFallback(named.getValue().atPath(path));
            }
        }
        return defaults;
    }
}
