package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.config.RadiusSettings.MessageAuthenticator;
import io.warren.config.Secret;
import io.warren.config.TestAuthority;
import io.warren.config.TlsSettings;
import io.warren.radius.FakeServer.Received;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A RADIUS server over TLS on loopback that answers as a test says. Requests tell their connection by its port. Like
 * FreeRADIUS 3 it takes a record for a packet, and ends the connection where that is not so.
 */
final class FakeTlsServer implements AutoCloseable {
    private final TestAuthority authority;
    private final SSLServerSocket listening;
    private final Map<Integer, Socket> connections = new ConcurrentHashMap<>();
    final AtomicInteger accepted = new AtomicInteger();
    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    /** Gives what to send back, piece by piece; an empty piece ends the connection. */
    volatile Function<Received, List<byte[]>> script = _ -> List.of();

    FakeTlsServer(TestAuthority authority, TestAuthority.Issued ours, boolean demandsCertificate) throws Exception {
        this(authority, ours, demandsCertificate, 0);
    }

    FakeTlsServer(TestAuthority authority, TestAuthority.Issued ours, boolean demandsCertificate, int port)
            throws Exception {
        this.authority = authority;
        listening = (SSLServerSocket) context(authority, ours)
                .getServerSocketFactory()
                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        listening.setNeedClientAuth(demandsCertificate);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** From now on speaks this version of TLS only. */
    void speak(String version) {
        listening.setEnabledProtocols(new String[] {version});
    }

    private static SSLContext context(TestAuthority authority, TestAuthority.Issued ours)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("ours", ours.keys().getPrivate(), new char[0], new Certificate[] {ours.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        KeyStore clients = KeyStore.getInstance("PKCS12");
        clients.load(null, null);
        clients.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(clients);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    int port() {
        return listening.getLocalPort();
    }

    RadiusSettings.Server server(String name, int priority) {
        return server(name, priority, "127.0.0.1", null);
    }

    RadiusSettings.Server server(String name, int priority, String expected, TlsSettings.@Nullable Identity identity) {
        return server(
                name, priority, new TlsSettings(port(), expected, List.of(authority.certificate()), identity), 600);
    }

    static RadiusSettings.Server server(String name, int priority, TlsSettings tls, int limit) {
        return new RadiusSettings.Server(
                name,
                "127.0.0.1",
                new Secret(FakeServer.SECRET),
                1812,
                1813,
                priority,
                100,
                limit,
                MessageAuthenticator.REQUIRE,
                tls);
    }

    Received take() throws InterruptedException {
        Received next = received.poll(5, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    void send(byte[] octets, int port) throws IOException {
        Socket connection = connections.get(port);
        if (connection == null) {
            throw new IOException("there is no such connection");
        }
        synchronized (connection) {
            OutputStream out = connection.getOutputStream();
            out.write(octets);
            out.flush();
        }
    }

    int connected() {
        return connections.size();
    }

    /** Ends all connections, but listens on. */
    void hangUp() throws IOException {
        for (Socket connection : connections.values()) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                accepted.incrementAndGet();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket connection) {
        int port = connection.getPort();
        connections.put(port, connection);
        try (connection) {
            InputStream in = connection.getInputStream();
            byte[] record = new byte[16_384];
            while (true) {
                int length = in.read(record);
                if (length < 4 || length != ((record[2] & 0xff) << 8 | (record[3] & 0xff))) {
                    return;
                }
                byte[] octets = Arrays.copyOf(record, length);
                Received request = new Received(octets, port);
                received.add(request);
                for (byte[] piece : script.apply(request)) {
                    if (piece.length == 0) {
                        return;
                    }
                    send(piece, port);
                }
            }
        } catch (IOException closed) {
            // by the other side, or the test is over
        } finally {
            connections.remove(port);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        hangUp();
    }
}
