package io.warren.config;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how a RADIUS server is reached: keys {@code transport} and {@code tls}, and the files that they name. */
final class TlsReader {
    /** What a server has of which its section does not speak. */
    static final String DEFAULTS = """
            transport = udp, tls { port = 2083, ca = "", certificate = "", key = "", name = "" }
            """;

    /** The shared secret that says nothing, since the connection says all (RFC 6614 §2.3). */
    static final String SECRET = "radsec";

    private static final String PEM = "write the path of a file in PEM";

    private final Reading from;
    private final Path directory;

    private enum Transport {
        UDP,
        TLS
    }

    TlsReader(Reading from, Path directory) {
        this.from = from;
        this.directory = directory;
    }

    /**
     * @param server the server's key, with the dot behind it
     * @param address the server's, which its certificate is for unless said
     * @return null for UDP
     */
    @Nullable
    TlsSettings read(String server, String address) {
        Transport transport = from.parsed(
                server + "transport", "write udp or tls", text -> SettingsReader.word(Transport.class, text));
        String tls = server + "tls.";
        int port = from.number(tls + "port", 1, 65_535);
        List<X509Certificate> authorities = certificates(tls + "ca");
        List<X509Certificate> chain = certificates(tls + "certificate");
        PrivateKey key = from.<Optional<PrivateKey>>parsed(
                        tls + "key",
                        PEM,
                        text -> text.isEmpty() ? Optional.empty() : Optional.of(PemFiles.privateKey(path(text))))
                .orElse(null);
        String name = from.text(tls + "name", "write a name that its certificate is for");
        boolean named = !from.text(tls + "ca", PEM).isEmpty();
        return switch (transport) {
            case UDP -> {
                if (named) {
                    from.mistake(
                            server + "transport",
                            "it is udp, which leaves " + tls + "ca and all around it unused",
                            "write tls, or delete the section tls");
                }
                yield null;
            }
            case TLS -> {
                if (!named) {
                    from.mistake(
                            tls + "ca", "it is empty", "write the path of the certificate that signs the server's");
                }
                yield new TlsSettings(port, name.isEmpty() ? address : name, authorities, identity(tls, chain, key));
            }
        };
    }

    private TlsSettings.@Nullable Identity identity(String tls, List<X509Certificate> chain, @Nullable PrivateKey key) {
        boolean certificateNamed = !from.text(tls + "certificate", PEM).isEmpty();
        boolean keyNamed = !from.text(tls + "key", PEM).isEmpty();
        if (certificateNamed != keyNamed) {
            from.mistake(
                    tls + (keyNamed ? "certificate" : "key"),
                    "it is empty, and " + (keyNamed ? "key" : "certificate") + " is not",
                    "write both, or none of them");
            return null;
        }
        if (key == null || chain.isEmpty()) {
            return null;
        }
        if (!PemFiles.belongTogether(key, chain.getFirst())) {
            from.mistake(tls + "key", "it is not the key of the certificate", "write the one that it was made with");
            return null;
        }
        return new TlsSettings.Identity(chain, key);
    }

    private List<X509Certificate> certificates(String key) {
        return from.<List<X509Certificate>>parsed(
                key, PEM, text -> text.isEmpty() ? List.of() : PemFiles.certificates(path(text)));
    }

    /** Does not repeat what may be a key. */
    private Path path(String text) {
        if (text.contains("-----BEGIN") || text.indexOf('\n') >= 0) {
            throw new Reading.Wrong("it is what should be in a file", PEM);
        }
        return directory.resolve(text).toAbsolutePath().normalize();
    }
}
