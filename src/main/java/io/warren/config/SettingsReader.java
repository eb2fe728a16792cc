package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file into {@link Settings}, and reports all mistakes together. */
public final class SettingsReader {
    private static final String DEFAULTS = "warren-reference.conf";
    private static final Duration NEVER = Duration.ZERO;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST_TIME = Duration.ofDays(3_650);

    /** Routes into the device beside those of the pools: these are sums, not one for each subscriber. */
    private static final int MOST_ROUTES = 1_024;

    /** Packet threads for each direction: more than any machine profits from. */
    private static final int MOST_THREADS = 64;

    /** Octets. */
    private static final int LEAST_MRU = 576;

    private static final int MOST_MRU = 9_000;

    private SettingsReader() {}

    /** Reads {@code file}; relative paths in it are relative to its directory. */
    public static Configuration read(Path file) throws SettingsException {
        Path directory = file.toAbsolutePath().normalize().getParent();
        try {
            Config parsed = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            return read(parsed, directory == null ? Path.of("/") : directory);
        } catch (ConfigException e) {
            throw new SettingsException(List.of(unreadable(file.toString(), e)));
        }
    }

    /**
     * Reads what was parsed already, over the embedded defaults.
     *
     * @param directory that relative paths are relative to
     */
    public static Configuration read(Config parsed, Path directory) throws SettingsException {
        Config shipped = defaults();
        Config resolved;
        try {
            resolved = parsed.withFallback(shipped).resolve();
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw new SettingsException(List.of(unreadable("configuration", e)));
        }
        Reading shapes = new Reading(resolved, shipped);
        Config fitting = NamedSections.completed(fitting(resolved, shipped, shapes));
        Config defaults = NamedSections.defaults(fitting, shipped);
        Reading reading = new Reading(fitting, defaults);
        Settings settings = settings(reading, fitting, directory);
        shapes.mistakes().forEach(m -> reading.mistakes().add(m));
        CrossChecks.check(settings, reading);
        if (!reading.mistakes().isEmpty()) {
            throw new SettingsException(inOrder(reading.mistakes()));
        }
        return new Configuration(settings, resolved);
    }

    /** The embedded defaults alone, as the demonstration uses them. */
    public static Config defaults() {
        InputStream stream = SettingsReader.class.getResourceAsStream("/" + DEFAULTS);
        if (stream == null) {
            throw new IllegalStateException("the resource " + DEFAULTS + " is missing");
        }
        try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            ConfigParseOptions named = ConfigParseOptions.defaults().setOriginDescription("embedded default");
            return ConfigFactory.parseReader(reader, named).resolve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Config fitting(Config resolved, Config defaults, Reading shapes) {
        ConfigValue section = resolved.getValue("warren");
        ConfigObject known = defaults.getObject("warren");
        if (!(section instanceof ConfigObject object)) {
            shapes.mistake(section.origin(), "warren", "it must be a section", "write warren { … }");
            return defaults;
        }
        ConfigObject checked = new UnknownKeys(shapes).checked("warren", object, known);
        return checked.atKey("warren").withFallback(defaults);
    }

    /** In the order of the file, as a reader goes through it. */
    private static List<Mistake> inOrder(List<Mistake> mistakes) {
        return mistakes.stream()
                .distinct()
                .sorted(Comparator.comparing(Mistake::file)
                        .thenComparingInt(Mistake::line)
                        .thenComparing(Mistake::key))
                .toList();
    }

    private static Mistake unreadable(String file, ConfigException e) {
        String message = String.valueOf(e.getMessage());
        if (e.origin() == null) {
            return new Mistake(file, 0, "", "cannot be read: " + message, "");
        }
        // The library puts "description: line: " before its own words.
        String words = message.substring(
                message.indexOf(e.origin().description()) < 0
                        ? 0
                        : Math.min(message.length(), e.origin().description().length() + 2));
        return new Mistake(Reading.file(e.origin()), Reading.line(e.origin()), "", words, "");
    }

    static Settings settings(Reading from, Config config, Path directory) {
        return new Settings(
                from.list("listen", "write host:port, for example \"0.0.0.0:1701\"", 1, 64, HostPort::parse),
                from.parsed("hostname", "write 1 to 64 letters, digits, dots and hyphens", SettingsReader::hostname),
                secret(from, "tunnel-secret"),
                from.flag("hide-avps"),
                from.duration("hello-interval", NEVER, HOUR),
                from.flag("hello-tolerant"),
                from.number("receive-window", 1, 1024),
                retransmit(from),
                failover(from),
                timeouts(from),
                ppp(from),
                new PeerReader(from).read(config),
                ipv6(from, config),
                path(from, "users-file", directory),
                pools(from, config),
                from.parsed("gateway", "write an IPv4 address such as \"10.77.0.1\"", SettingsReader::host),
                from.list("dns", "write up to two IPv4 addresses, or []", 0, 2, SettingsReader::host),
                sessionLimits(from),
                new TimeLimits(
                        wholeSeconds(from, "session-limits.session-timeout"),
                        wholeSeconds(from, "session-limits.idle-timeout")),
                SubscriberSettings.read(from),
                FilterReader.read(from, config),
                new RadiusReader(from, config, directory).read(from.text("hostname", "write a name")),
                tun(from),
                new Settings.Udp(
                        from.octets("udp.receive-buffer", 65_536, 1 << 30),
                        from.octets("udp.send-buffer", 65_536, 1 << 30)),
                forwarding(from),
                new Settings.Queues(
                        from.number("queues.control", 16, 1 << 24), from.number("queues.frames", 16, 1 << 24)),
                limits(from),
                path(from, "data-dir", directory),
                from.parsed("on-stop", "write keep or hangup", text -> word(Settings.OnStop.class, text)),
                journal(from),
                cluster(from),
                new Settings.Recovery(from.number("recovery.rate", 1, 1_000_000)),
                new Settings.Management(from.flag("management.read-only")),
                from.flag("packet-dump"));
    }

    private static Settings.Journal journal(Reading from) {
        return new Settings.Journal(
                from.parsed("journal.database", "write h2 or postgresql", text -> word(Settings.Database.class, text)),
                new Settings.Postgresql(
                        from.text("journal.postgresql.url", "write jdbc:postgresql://host:port/database"),
                        from.text("journal.postgresql.user", "write a user's name"),
                        secret(from, "journal.postgresql.password"),
                        from.number("journal.postgresql.connections", 2, 1_000)),
                from.duration("journal.retention", NEVER, Duration.ofDays(3650)));
    }

    private static Settings.Cluster cluster(Reading from) {
        return new Settings.Cluster(
                from.flag("cluster.enabled"),
                from.text("cluster.address", "write an IP address of this node, or \"\""),
                from.number("cluster.port", 0, 65_535),
                from.number("cluster.relay-port", 0, 65_535),
                from.list("cluster.nodes", "write host:port of each node's management", 0, 256, HostPort::parse),
                from.number("cluster.required-nodes", 1, 256),
                secret(from, "cluster.secret"),
                from.parsed(
                        "cluster.reply-path",
                        "write direct or via-ingress",
                        text -> word(Settings.ReplyPath.class, text)),
                from.number("cluster.address-block", 1, 65_536),
                from.duration("cluster.drain-delay", NEVER, Duration.ofMinutes(10)));
    }

    private static @Nullable Secret secret(Reading from, String key) {
        String text = from.text(key, "write a text, or \"\" for none");
        return text.isEmpty() ? null : new Secret(text);
    }

    private static Settings.Retransmit retransmit(Reading from) {
        return new Settings.Retransmit(
                from.duration("retransmit.initial", Duration.ofMillis(100), Duration.ofSeconds(60)),
                from.duration("retransmit.cap", Duration.ofSeconds(8), Duration.ofSeconds(300)),
                from.number("retransmit.attempts", 1, 30));
    }

    private static Settings.Failover failover(Reading from) {
        return new Settings.Failover(
                from.parsed(
                        "failover.capability",
                        "write off, answer or offer",
                        text -> word(Settings.FailoverCapability.class, text)),
                from.duration("failover.longest-recovery", NEVER, HOUR));
    }

    private static Settings.Timeouts timeouts(Reading from) {
        Duration least = Duration.ofMillis(100);
        return new Settings.Timeouts(
                from.duration("timeouts.tunnel-setup", least, HOUR),
                from.duration("timeouts.call-connect", least, HOUR),
                from.duration("timeouts.call-setup", least, HOUR),
                from.duration("timeouts.lcp-terminate", least, HOUR));
    }

    private static Settings.Ppp ppp(Reading from) {
        Duration least = Duration.ofMillis(50);
        return new Settings.Ppp(
                from.list(
                        "ppp.authentication",
                        "write one or more of eap, mschap-v2, chap-md5, pap",
                        1,
                        4,
                        text -> word(Settings.Authentication.class, text)),
                from.number("ppp.mru", LEAST_MRU, MOST_MRU),
                from.duration("ppp.echo-interval", NEVER, HOUR),
                from.number("ppp.echo-failures", 1, 100),
                from.duration("ppp.restart-timer", least, Duration.ofSeconds(60)),
                from.duration("ppp.first-restart-timer", least, Duration.ofSeconds(60)),
                from.number("ppp.max-configure", 1, 100),
                from.number("ppp.max-terminate", 1, 100),
                from.number("ppp.max-failure", 1, 100),
                from.duration("ppp.authentication-timeout", Duration.ofSeconds(1), HOUR),
                from.parsed("ppp.mppe", "write off, allow, prefer or require", text -> word(Settings.Mppe.class, text)),
                from.list("ppp.mppe-bits", "write 128, or 128 and 40, as a list", 1, 2, SettingsReader::mppeBits),
                new Settings.Deflate(
                        from.parsed(
                                "ppp.deflate",
                                "write off, allow, prefer or require",
                                text -> word(Settings.Deflate.Use.class, text)),
                        from.number("ppp.deflate-window", 8, 15),
                        from.number("ppp.deflate-calls", 1, 1_000_000)),
                from.parsed(
                        "ppp.proxy-lcp",
                        "write accept, accept-if-compatible or renegotiate",
                        text -> word(PeerSettings.ProxyLcp.class, text)),
                from.parsed(
                        "ppp.proxy-authentication",
                        "write with-secret, accept or off",
                        PeerReader::proxyAuthentication));
    }

    static int mru(String text) {
        return between(text, LEAST_MRU, MOST_MRU);
    }

    private static Settings.Ipv6Service ipv6(Reading from, Config config) {
        return new Settings.Ipv6Service(
                from.parsed("ipv6.policy", "write off or allow", text -> switch (text) {
                    case "allow" -> true;
                    // HOCON reads off as a word or, in JSON, as false
                    case "off", "false" -> false;
                    default -> throw new IllegalArgumentException("no such word");
                }),
                prefixPools(from, config, "pools"),
                prefixPools(from, config, "delegated-pools"),
                from.number("ipv6.delegated-length", 32, 64),
                from.parsed("ipv6.gateway", "write an IPv6 address such as \"2001:db8::1\"", SettingsReader::ipv6Host),
                from.list("ipv6.dns", "write up to two IPv6 addresses, or []", 0, 2, SettingsReader::ipv6Host),
                from.duration("ipv6.advertise-every", Duration.ofSeconds(4), HOUR),
                from.duration("ipv6.lifetime", Duration.ofMinutes(2), Duration.ofDays(365)));
    }

    private static Map<String, List<Ipv6Range>> prefixPools(Reading from, Config config, String section) {
        return config.getObject("warren.ipv6." + section).keySet().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> from.prefixPool(
                                section, name, "write a list of ranges such as [\"2001:db8::/40\"], or []"),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static Ipv6 ipv6Host(String text) {
        Ipv6 address = Ipv6.parse(text);
        if (!address.isAssignable()) {
            throw new IllegalArgumentException("no host can have this address");
        }
        return address;
    }

    private static Settings.Tun tun(Reading from) {
        String name = from.parsed("tun.name", "write up to 15 letters and digits, or off", SettingsReader::device);
        return new Settings.Tun(
                name.equals("off") ? null : name,
                from.number("tun.mtu", 576, 9000),
                from.list(
                        "tun.routes",
                        "write networks such as [\"198.51.100.0/24\", \"2001:db8:100::/40\"], or []",
                        0,
                        MOST_ROUTES,
                        SettingsReader::network));
    }

    private static AddressPrefix network(String text) {
        AddressPrefix network = AddressPrefix.parse(text);
        if (network.length() == 0 || (network.ipv6() && network.length() > 64)) {
            throw new IllegalArgumentException("it has not 1 to " + (network.ipv6() ? 64 : 32) + " bits");
        }
        return network;
    }

    private static RateLimits sessionLimits(Reading from) {
        return new RateLimits(
                limit(from, "down", RateLimits.RATES).down(),
                limit(from, "up", RateLimits.RATES).up(),
                limit(from, "down-burst", RateLimits.BURSTS).downBurst(),
                limit(from, "up-burst", RateLimits.BURSTS).upBurst(),
                limit(from, "packets", RateLimits.PACKETS).packets());
    }

    private static RateLimits limit(Reading from, String name, String right) {
        return from.parsed("session-limits." + name, "write " + right, text -> RateLimits.NONE.with(name, text));
    }

    private static Settings.Forwarding forwarding(Reading from) {
        return new Settings.Forwarding(
                from.parsed(
                        "forwarding.threads",
                        "write auto, or a number from 1 to " + MOST_THREADS,
                        text -> text.equals("auto") ? 0 : between(text, 1, MOST_THREADS)),
                from.parsed("forwarding.dscp", "write none, copy, or a number from 0 to 63", SettingsReader::dscp),
                from.parsed(
                        "forwarding.dont-fragment",
                        "write clear, set or copy",
                        text -> word(Settings.DontFragment.class, text)),
                from.flag("forwarding.length-bit"),
                from.parsed("forwarding.offloads", "write auto or off", SettingsReader::offloads),
                new Settings.Reorder(
                        from.number("forwarding.reorder.frames", 0, 32),
                        from.duration("forwarding.reorder.wait", NEVER, Duration.ofSeconds(1))));
    }

    private static int mppeBits(String text) {
        return switch (text) {
            case "40" -> 40;
            case "128" -> 128;
            default -> throw new IllegalArgumentException("no such length of a key");
        };
    }

    private static int dscp(String text) {
        return switch (text) {
            case "none" -> 0;
            case "copy" -> Settings.Forwarding.COPY_DSCP;
            default -> between(text, 0, 63);
        };
    }

    private static boolean offloads(String text) {
        return switch (text) {
            case "auto" -> true;
            // HOCON reads off as a word or, in JSON, as false
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException("no such word");
        };
    }

    private static int between(String text, int least, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("not a number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }

    private static Settings.Limits limits(Reading from) {
        return new Settings.Limits(
                from.number("limits.tunnels", 1, 65_535),
                from.number("limits.tunnels-per-peer", 1, 65_535),
                from.number("limits.sessions-per-tunnel", 1, 65_535),
                from.number("limits.calls-in-setup", 1, 65_535),
                from.duration("limits.longest-wait", Duration.ofMillis(20), HOUR),
                new Settings.SccrqRate(
                        from.number("limits.sccrq-rate.per-source", 1, 1_000_000),
                        from.number("limits.sccrq-rate.total", 1, 1_000_000)));
    }

    private static Map<String, List<Cidr>> pools(Reading from, Config config) {
        Set<String> names = config.getObject("warren.pools").keySet();
        return names.stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> from.pool(name, "write a list of ranges such as [\"10.77.0.0/16\"]"),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** HOCON reads off as a word or, in JSON, as false. */
    static String off(String text) {
        return text.equals("false") ? "off" : text;
    }

    private static Path path(Reading from, String key, Path directory) {
        return from.parsed(key, "write a path", text -> {
            if (text.isBlank()) {
                throw new IllegalArgumentException("it is empty");
            }
            return directory.resolve(text).toAbsolutePath().normalize();
        });
    }

    private static String hostname(String text) {
        if (!text.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException("not a host name");
        }
        return text;
    }

    /** A time that is told to others in seconds; zero is for ever. */
    private static Duration wholeSeconds(Reading from, String key) {
        Duration time = from.duration(key, NEVER, LONGEST_TIME);
        if (!time.isZero() && time.toSeconds() == 0) {
            from.mistake(key, "it is less than a second", "write 1s or more, or 0s for ever");
        }
        return time;
    }

    private static String device(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")) {
            throw new IllegalArgumentException("not a name of a device");
        }
        return text.equals("false") ? "off" : text;
    }

    static Ipv4 host(String text) {
        Ipv4 address = Ipv4.parse(text);
        if (!address.isAssignable()) {
            throw new IllegalArgumentException("no host can have this address");
        }
        return address;
    }

    static <E extends Enum<E>> E word(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such word");
    }
}
