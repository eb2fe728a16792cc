package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.config.Secret;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.aaa4j.radius.core.attribute.CodecContext;
import org.aaa4j.radius.core.attribute.UserPasswordDataFilter;
import org.aaa4j.radius.core.dictionary.dictionaries.StandardDictionary;
import org.aaa4j.radius.core.util.SecureRandomProvider;

/** A RADIUS server on loopback that answers as a test says, with octets made by other means than ours. */
final class FakeServer implements AutoCloseable {
    static final String SECRET = "open-sesame";

    private final DatagramSocket socket;
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::serve);
    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    /** Gives the datagrams to send back. */
    volatile Function<Received, List<byte[]>> script = _ -> List.of();

    FakeServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        thread.start();
    }

    record Received(byte[] octets, int port) {
        int identifier() {
            return octets[1] & 0xff;
        }

        byte[] authenticator() {
            return Arrays.copyOfRange(octets, 4, 20);
        }

        Attributes attributes() {
            Attributes.Builder attributes = Attributes.builder();
            for (int at = 20; at < octets.length; at += octets[at + 1] & 0xff) {
                attributes.add(
                        octets[at] & 0xff, Bytes.of(Arrays.copyOfRange(octets, at + 2, at + (octets[at + 1] & 0xff))));
            }
            return attributes.build();
        }

        /** The User-Password, in clear. */
        String password() {
            Bytes hidden = attributes().first(RadiusAttribute.USER_PASSWORD);
            byte[] clear = UserPasswordDataFilter.INSTANCE.decode(
                    new CodecContext(
                            new StandardDictionary(), SECRET.getBytes(), authenticator(), new SecureRandomProvider()),
                    hidden.toByteArray());
            return new String(clear);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    RadiusSettings.Server server(String name, int priority, RadiusSettings.MessageAuthenticator demanded) {
        return new RadiusSettings.Server(
                name,
                socket.getLocalAddress().getHostAddress(),
                new Secret(SECRET),
                port(),
                port(),
                priority,
                100,
                256,
                demanded);
    }

    static RadiusSettings settings(RadiusSettings.Server... servers) {
        return new RadiusSettings(
                List.of(servers),
                RadiusSettings.LocalUsers.BEFORE,
                "lns",
                null,
                "",
                new RadiusSettings.Retransmission(Duration.ofMillis(150), 3, Duration.ofSeconds(30)),
                new RadiusSettings.Accounting(Duration.ofMinutes(5)),
                new RadiusSettings.DynamicAuthorization(List.of(), List.of()));
    }

    Received take() throws InterruptedException {
        Received next = received.poll(5, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    void send(byte[] datagram, int port) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
    }

    /** An answer with a Message-Authenticator, as it should be. */
    static byte[] reply(Received request, int code, Attributes attributes) {
        return new RadiusCodec(SECRET).answer(code, request.octets(), attributes);
    }

    /** An answer of these attributes and nothing else, signed with {@code secret}. */
    static byte[] bare(Received request, int code, String secret, Attributes attributes) {
        int length = 20
                + attributes.list().stream()
                        .mapToInt(attribute -> 2 + attribute.value().length())
                        .sum();
        byte[] octets = new byte[length];
        octets[0] = (byte) code;
        octets[1] = request.octets()[1];
        octets[2] = (byte) (length >> 8);
        octets[3] = (byte) length;
        System.arraycopy(request.octets(), 4, octets, 4, 16);
        int at = 20;
        for (Attributes.Attribute attribute : attributes.list()) {
            octets[at] = (byte) attribute.number();
            octets[at + 1] = (byte) (2 + attribute.value().length());
            System.arraycopy(
                    attribute.value().toByteArray(),
                    0,
                    octets,
                    at + 2,
                    attribute.value().length());
            at += octets[at + 1] & 0xff;
        }
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(octets);
            System.arraycopy(md5.digest(secret.getBytes()), 0, octets, 4, 16);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return octets;
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Received request = new Received(Arrays.copyOf(buffer, packet.getLength()), packet.getPort());
                received.add(request);
                for (byte[] reply : script.apply(request)) {
                    send(reply, request.port());
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
