package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads single values of the section {@code warren} and collects what is wrong with them. A wrong value is replaced by
 * the embedded default, so that one mistake does not hide the next.
 */
final class Reading {
    private static final String ROOT = "warren.";

    private final Config config;
    private final Config defaults;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<String> keysRead = new TreeSet<>();

    Reading(Config config, Config defaults) {
        this.config = config;
        this.defaults = defaults;
    }

    /** Says what is wrong with a value, and what would be right. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String right;

        Wrong(String wrong, String right) {
            super(wrong);
            this.right = right;
        }
    }

    private interface Getter<T> {
        T get(Config config, String path);
    }

    private <T> T read(String key, String right, Getter<T> getter) {
        String path = ROOT + key;
        keysRead.add(path);
        try {
            return getter.get(config, path);
        } catch (Wrong e) {
            mistake(key, String.valueOf(e.getMessage()), e.right);
        } catch (ConfigException.WrongType | ConfigException.BadValue e) {
            mistake(key, shown(path) + " is " + kind(path), right);
        }
        return getter.get(defaults, path);
    }

    String text(String key, String right) {
        return read(key, right, Config::getString);
    }

    <T> T parsed(String key, String right, Function<String, T> parser) {
        return read(key, right, (from, path) -> parse(from.getString(path), parser, right));
    }

    <T> List<T> list(String key, String right, int least, int most, Function<String, T> parser) {
        return read(key, right, (from, path) -> {
            ConfigList items = from.getList(path);
            if (items.size() < least || items.size() > most) {
                throw new Wrong(items.isEmpty() ? "it is empty" : "it has " + items.size() + " entries", right);
            }
            return scalars(items, right).stream()
                    .map(text -> parse(text, parser, right))
                    .toList();
        });
    }

    /** The ranges of one pool. */
    List<Cidr> pool(String name, String right) {
        return ranges(poolKey(name), 1, right, Reading::range);
    }

    /** The ranges of one pool of IPv6 prefixes, which may be empty. */
    List<Ipv6Range> prefixPool(String section, String name, String right) {
        return ranges(ConfigUtil.joinPath("ipv6", section, name), 0, right, Ipv6Range::parse);
    }

    /** A pool that is not in the embedded defaults has nothing to fall back to: it is empty. */
    private <T> List<T> ranges(String key, int least, String right, Function<String, T> parser) {
        try {
            List<String> texts = scalars(config.getList(ROOT + key), right);
            keysRead.add(ROOT + key);
            if (texts.size() < least) {
                throw new Wrong("it is empty", right);
            }
            return texts.stream().map(text -> parse(text, parser, right)).toList();
        } catch (Wrong e) {
            mistake(key, String.valueOf(e.getMessage()), e.right);
        } catch (ConfigException.WrongType e) {
            mistake(key, "it is not a list", right);
        }
        return List.of();
    }

    /** The key of a pool, without {@code warren.}, quoted if its name needs it. */
    static String poolKey(String name) {
        return ConfigUtil.joinPath("pools", name);
    }

    private static Cidr range(String text) {
        Cidr cidr = Cidr.parse(text);
        if (!new Ipv4(cidr.base()).isAssignable() || !new Ipv4(cidr.last()).isAssignable()) {
            throw new IllegalArgumentException("no host can have some of these addresses");
        }
        return cidr;
    }

    private static List<String> scalars(ConfigList items, String right) {
        return items.stream().map(item -> scalar(item, right)).toList();
    }

    private static String scalar(ConfigValue item, String right) {
        return switch (item.valueType()) {
            case STRING, NUMBER, BOOLEAN -> String.valueOf(item.unwrapped());
            case OBJECT, LIST, NULL -> throw new Wrong("an entry is " + kind(item), right);
        };
    }

    private static <T> T parse(String text, Function<String, T> parser, String right) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new Wrong("'" + text + "' is wrong: " + e.getMessage(), right);
        }
    }

    boolean flag(String key) {
        return read(key, "write on or off", Config::getBoolean);
    }

    int number(String key, int least, int most) {
        String right = "write a whole number from " + least + " to " + most;
        return read(key, right, (from, path) -> {
            double number = from.getDouble(path);
            if (number < least || number > most || number != Math.rint(number)) {
                throw new Wrong(from.getString(path) + " is not allowed", right);
            }
            return (int) number;
        });
    }

    int octets(String key, int least, int most) {
        String right = "write a size such as 64KiB or 8MiB, from " + least + " to " + most + " octets";
        return read(key, right, (from, path) -> {
            long size = from.getBytes(path);
            if (size < least || size > most) {
                throw new Wrong(from.getString(path) + " is not allowed", right);
            }
            return (int) size;
        });
    }

    /** A time; a number without a unit is refused, since nobody agrees on what it would mean. */
    Duration duration(String key, Duration least, Duration most) {
        String right = "write a time with its unit, from " + shown(least) + " to " + shown(most);
        return read(key, right, (from, path) -> {
            if (from.getValue(path).valueType() == ConfigValueType.NUMBER
                    || from.getString(path).matches("[0-9.]+")) {
                throw new Wrong(from.getString(path) + " has no unit", right);
            }
            Duration time = from.getDuration(path);
            if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
                throw new Wrong(from.getString(path) + " is not allowed", right);
            }
            return time;
        });
    }

    private static String shown(Duration time) {
        if (time.toDays() > 1) {
            return time.toDays() + "d";
        }
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private String shown(String path) {
        ConfigValue value = config.getValue(path);
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> "'" + value.unwrapped() + "'";
            case OBJECT, LIST, NULL -> "it";
        };
    }

    private String kind(String path) {
        return kind(config.getValue(path));
    }

    static String kind(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            case STRING, NUMBER, BOOLEAN -> "not of the right kind";
        };
    }

    /** Adds a mistake at the place where {@code key} (without {@code warren.}) is set. */
    void mistake(String key, String wrong, String right) {
        String path = ROOT + key;
        mistake(config.getValue(path).origin(), path, wrong, right);
    }

    void mistake(ConfigOrigin origin, String path, String wrong, String right) {
        mistakes.add(new Mistake(file(origin), line(origin), path, wrong, right));
    }

    /** The place as the user knows it. */
    static String file(ConfigOrigin origin) {
        if (origin.filename() != null) {
            return origin.filename();
        }
        return origin.description().replaceAll(": [0-9]+$", "");
    }

    static int line(ConfigOrigin origin) {
        return origin.filename() == null ? 0 : Math.max(0, origin.lineNumber());
    }

    List<Mistake> mistakes() {
        return mistakes;
    }

    Set<String> keysRead() {
        return keysRead;
    }
}
