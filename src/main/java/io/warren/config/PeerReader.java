package io.warren.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code peers}. Its entries have names of the operator's, so their keys are known here. */
final class PeerReader {
    static final String SECTION = "warren.peers";

    /** What a peer has of which its entry does not speak. */
    static final Config DEFAULTS = ConfigFactory.parseString("""
            host-name = "", addresses = []
            proxy-lcp = default, proxy-authentication = default
            authentication = [], mru = default, ipv6 = default, dns = [], hello-tolerant = default
            """);

    private static final int MOST_ADDRESSES = 256;
    private static final String AS_FOR_ALL = "default";

    private final Reading from;

    PeerReader(Reading from) {
        this.from = from;
    }

    List<PeerSettings> read(Config config) {
        List<PeerSettings> peers = new ArrayList<>();
        for (String name : new TreeSet<>(config.getObject(SECTION).keySet())) {
            peers.add(peer(name, ConfigUtil.joinPath("peers", name) + "."));
        }
        return List.copyOf(peers);
    }

    private PeerSettings peer(String name, String key) {
        PeerPattern pattern = new PeerPattern(
                from.text(key + "host-name", "write the peer's Host Name, or \"\" for any"),
                from.list(
                        key + "addresses",
                        "write a list of addresses and ranges such as [\"192.0.2.0/24\"]",
                        0,
                        MOST_ADDRESSES,
                        AddressPrefix::parse));
        if (pattern.equals(PeerPattern.ANY)) {
            from.mistake(
                    key + "host-name",
                    "it does not say which peers it is for",
                    "write host-name, or addresses, or both");
        }
        return new PeerSettings(
                name,
                pattern,
                either(
                        key + "proxy-lcp",
                        "write accept, accept-if-compatible, renegotiate or default",
                        text -> SettingsReader.word(PeerSettings.ProxyLcp.class, text)),
                either(
                        key + "proxy-authentication",
                        "write with-secret, accept, off or default",
                        PeerReader::proxyAuthentication),
                from.list(
                        key + "authentication",
                        "write one or more of mschap-v2, chap-md5, pap, or []",
                        0,
                        3,
                        text -> SettingsReader.word(Settings.Authentication.class, text)),
                either(key + "mru", "write a whole number from 576 to 9000, or default", SettingsReader::mru),
                from.parsed(key + "ipv6", "write default or off", text -> switch (SettingsReader.off(text)) {
                    case AS_FOR_ALL -> true;
                    case "off" -> false;
                    default -> throw new IllegalArgumentException("no such word");
                }),
                from.list(key + "dns", "write up to two IPv4 addresses, or []", 0, 2, SettingsReader::host),
                either(key + "hello-tolerant", "write on, off or default", PeerReader::onOrOff));
    }

    /** HOCON reads them as words or, in JSON, as true and false. */
    private static Boolean onOrOff(String text) {
        return switch (text) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException("no such word");
        };
    }

    static PeerSettings.ProxyAuthentication proxyAuthentication(String text) {
        return SettingsReader.word(PeerSettings.ProxyAuthentication.class, SettingsReader.off(text));
    }

    private <T> @Nullable T either(String key, String right, Function<String, T> parser) {
        return from.parsed(
                        key,
                        right,
                        text -> text.equals(AS_FOR_ALL) ? Optional.<T>empty() : Optional.of(parser.apply(text)))
                .orElse(null);
    }
}
