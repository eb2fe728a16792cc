package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code radius}. Servers and clients have names of the operator's, so their keys are known here. */
final class RadiusReader {
    /** What one has of which its section does not speak, by the section that it is in. */
    static final Map<String, Config> DEFAULTS = Map.of(
            "warren.radius.servers",
            ConfigFactory.parseString(TlsReader.DEFAULTS + """
                    address = "", secret = "", authentication-port = 1812, accounting-port = 1813
                    priority = 1, weight = 100, limit = 256, message-authenticator = require
                    """),
            "warren.radius.dynamic-authorization.clients",
            ConfigFactory.parseString("""
                    address = "", secret = ""
                    """));

    private final Reading from;
    private final Config config;
    private final TlsReader tls;

    /** @param directory that relative paths are relative to */
    RadiusReader(Reading from, Config config, Path directory) {
        this.from = from;
        this.config = config;
        this.tls = new TlsReader(from, directory);
    }

    RadiusSettings read(String hostname) {
        String identifier = from.text("radius.nas-identifier", "write a name, or \"\" for the hostname");
        return new RadiusSettings(
                servers(),
                from.parsed(
                        "radius.local-users",
                        "write before, behind or off",
                        text -> SettingsReader.word(RadiusSettings.LocalUsers.class, SettingsReader.off(text))),
                identifier.isEmpty() ? hostname : identifier,
                nasAddress(),
                from.text("radius.source-address", "write an IP address of this node, or \"\""),
                new RadiusSettings.Retransmission(
                        from.duration("radius.timeout", Duration.ofMillis(50), Duration.ofSeconds(60)),
                        from.number("radius.attempts", 1, 10),
                        from.duration("radius.dead-time", Duration.ofMillis(100), Duration.ofHours(1))),
                new RadiusSettings.Accounting(
                        from.duration("radius.accounting.interim", Duration.ZERO, Duration.ofDays(7))),
                new RadiusSettings.DynamicAuthorization(
                        from.list(
                                "radius.dynamic-authorization.listen",
                                "write host:port, for example \"0.0.0.0:3799\", or []",
                                0,
                                16,
                                HostPort::parse),
                        clients()));
    }

    private @Nullable Ipv4 nasAddress() {
        String right = "write an IPv4 address of this node, or \"\"";
        String text = from.parsed("radius.nas-address", right, word -> {
            if (!word.isEmpty()) {
                Ipv4.parse(word);
            }
            return word;
        });
        return text.isEmpty() ? null : Ipv4.parse(text);
    }

    private List<RadiusSettings.Server> servers() {
        List<RadiusSettings.Server> servers = new ArrayList<>();
        for (String name : names("warren.radius.servers")) {
            String key = ConfigUtil.joinPath("radius", "servers", name) + ".";
            String address = address(key);
            TlsSettings overTls = tls.read(key, address);
            servers.add(new RadiusSettings.Server(
                    name,
                    address,
                    overTls == null ? secret(key) : secretOverTls(key),
                    from.number(key + "authentication-port", 0, 65_535),
                    from.number(key + "accounting-port", 0, 65_535),
                    from.number(key + "priority", 1, 1_000),
                    from.number(key + "weight", 1, 1_000_000),
                    from.number(key + "limit", 1, 65_536),
                    from.parsed(
                            key + "message-authenticator",
                            "write require or accept",
                            text -> SettingsReader.word(RadiusSettings.MessageAuthenticator.class, text)),
                    overTls));
        }
        return List.copyOf(servers);
    }

    private List<RadiusSettings.Client> clients() {
        List<RadiusSettings.Client> clients = new ArrayList<>();
        for (String name : names("warren.radius.dynamic-authorization.clients")) {
            String key = ConfigUtil.joinPath("radius", "dynamic-authorization", "clients", name) + ".";
            clients.add(new RadiusSettings.Client(name, address(key), secret(key)));
        }
        return List.copyOf(clients);
    }

    private Set<String> names(String path) {
        return new TreeSet<>(config.getObject(path).keySet());
    }

    /** Not a name: whoever could answer for the name service could answer for the server. */
    private String address(String key) {
        String address = from.text(key + "address", "write an IP address");
        if (!address.matches("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            from.mistake(key + "address", "it is no IP address", "write the address, not a name");
            return "127.0.0.1";
        }
        return address;
    }

    private Secret secretOverTls(String key) {
        String secret = from.text(key + "secret", "write the secret that both sides know, or \"\" for radsec");
        return new Secret(secret.isEmpty() ? TlsReader.SECRET : secret);
    }

    private Secret secret(String key) {
        String secret = from.text(key + "secret", "write the secret that both sides know");
        if (secret.isEmpty()) {
            from.mistake(key + "secret", "there is none", "write the secret that both sides know");
        }
        return new Secret(secret);
    }
}
