package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the shape of a file with that of the embedded defaults: keys that do not exist, sections that are not
 * sections. Below {@code warren.pools} any key is allowed; entries of {@link NamedSections} have any name, and keys of
 * their own.
 */
final class UnknownKeys {
    private static final Set<String> FREE = Set.of("warren.pools", "warren.ipv6.pools", "warren.ipv6.delegated-pools");

    private final Reading reading;

    UnknownKeys(Reading reading) {
        this.reading = reading;
    }

    /** Reports what does not fit, and returns {@code section} without it. */
    ConfigObject checked(String path, ConfigObject section, ConfigObject known) {
        ConfigObject checked = section;
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
            String key = entry.getKey();
            String full = path + "." + ConfigUtil.joinPath(key);
            ConfigValue value = entry.getValue();
            ConfigValue expected = known.get(key);
            if (expected == null) {
                reading.mistake(value.origin(), full, "no such key", nearest(path, key, known.keySet()));
                checked = checked.withoutKey(key);
            } else if (value.valueType() == ConfigValueType.NULL) {
                reading.mistake(value.origin(), full, "it is null", "write a value, or delete the line");
                checked = checked.withoutKey(key);
            } else if (expected instanceof ConfigObject knownSection) {
                checked = inSection(checked, key, full, value, knownSection);
            } else if (value.valueType() == ConfigValueType.OBJECT) {
                reading.mistake(value.origin(), full, "it is a section", "write a value");
                checked = checked.withoutKey(key);
            }
        }
        return checked;
    }

    private ConfigObject inSection(
            ConfigObject parent, String key, String full, ConfigValue value, ConfigObject known) {
        if (!(value instanceof ConfigObject section)) {
            reading.mistake(value.origin(), full, "it must be a section", "write " + key + " { … }");
            return parent.withoutKey(key);
        }
        if (FREE.contains(full)) {
            return parent;
        }
        Config one = NamedSections.DEFAULTS.get(full);
        return parent.withValue(key, one == null ? checked(full, section, known) : named(full, section, one.root()));
    }

    /** Sections under names of the operator's, each with the same keys. */
    private ConfigObject named(String path, ConfigObject section, ConfigObject known) {
        ConfigObject checked = section;
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(section).entrySet()) {
            String full = path + "." + ConfigUtil.joinPath(entry.getKey());
            checked = inSection(checked, entry.getKey(), full, entry.getValue(), known);
        }
        return checked;
    }

    private static String nearest(String path, String key, Set<String> known) {
        return known.stream()
                .filter(candidate -> distance(key, candidate) <= Math.max(2, key.length() / 3))
                .min(Comparator.comparingInt((String candidate) -> distance(key, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "did you mean " + path + "." + candidate + "?")
                .orElse("conf/application.conf shows every key");
    }

    /** The edit distance of Levenshtein. */
    private static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], previous[j]));
            }
            previous = row;
        }
        return previous[other.length()];
    }
}
