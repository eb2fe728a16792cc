package io.warren.radius;

import io.warren.config.TlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is, and by what it is known: TLS 1.2 or later, a certificate that leads to one of the named authorities
 * and no other, and that is for the named server (RFC 6614 §2.3).
 *
 * @param name DNS name or IP address
 * @param source where to connect from; null: as the routes have it
 */
record TlsEndpoint(InetSocketAddress address, @Nullable InetAddress source, String name, SSLSocketFactory sockets) {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** Seconds and times: a way that is lost without a word is noticed after a minute, where the platform can do so. */
    private static final Map<String, Integer> KEEP_ALIVE =
            Map.of("TCP_KEEPIDLE", 30, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 3);

    static TlsEndpoint of(TlsSettings settings, InetSocketAddress address, @Nullable InetAddress source)
            throws IOException {
        try {
            KeyStore trusted = store();
            int number = 0;
            for (X509Certificate authority : settings.authorities()) {
                trusted.setCertificateEntry("authority " + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings.identity()), trust.getTrustManagers(), null);
            return new TlsEndpoint(address, source, settings.name(), context.getSocketFactory());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificates for RADIUS server " + address, e);
        }
    }

    private static KeyManager @Nullable [] keys(TlsSettings.@Nullable Identity identity)
            throws GeneralSecurityException, IOException {
        if (identity == null) {
            return null;
        }
        List<X509Certificate> chain = identity.chain();
        KeyStore ours = store();
        ours.setKeyEntry("ours", identity.key(), new char[0], chain.toArray(new Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(ours, new char[0]);
        return keys.getKeyManagers();
    }

    /** In memory only. */
    private static KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Connects, but speaks no TLS yet. */
    void connect(Socket plain, int timeoutMillis) throws IOException {
        if (source != null) {
            plain.bind(new InetSocketAddress(source, 0));
        }
        plain.setTcpNoDelay(true);
        plain.setKeepAlive(true);
        for (SocketOption<?> option : plain.supportedOptions()) {
            keepAlive(plain, option);
        }
        plain.connect(address, timeoutMillis);
    }

    @SuppressWarnings("unchecked") // its type has been looked at
    private static void keepAlive(Socket plain, SocketOption<?> option) throws IOException {
        Integer value = KEEP_ALIVE.get(option.name());
        if (value != null && option.type() == Integer.class) {
            plain.setOption((SocketOption<Integer>) option, value);
        }
    }

    /** TLS over a connection. Returns when both have said who they are. */
    SSLSocket secure(Socket plain) throws IOException {
        SSLSocket tls = (SSLSocket) sockets.createSocket(plain, name, address.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    @Override
    public String toString() {
        return address.getAddress().getHostAddress() + " port " + address.getPort();
    }
}
