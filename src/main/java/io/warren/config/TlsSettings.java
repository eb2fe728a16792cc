package io.warren.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a server is reached over TLS.
 *
 * @param port where it listens, for whatever is asked of it
 * @param name a DNS name or IP address that its certificate must be for
 * @param authorities who may have signed that certificate
 * @param identity what we show of ourselves; null: nothing
 */
public record TlsSettings(
        int port,
        String name,
        List<X509Certificate> authorities,
        @Nullable Identity identity) {

    /**
     * A certificate with its key. Never printed.
     *
     * @param chain ours first
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {
        @Override
        public String toString() {
            return "Identity[hidden]";
        }
    }

    @Override
    public String toString() {
        return "TlsSettings[port=" + port + ", name=" + name + ", identity=" + identity + "]";
    }
}
