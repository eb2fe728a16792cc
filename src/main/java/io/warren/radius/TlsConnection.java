package io.warren.radius;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a server: two virtual threads that carry packets and decide nothing. What it is told to do returns
 * at once.
 */
final class TlsConnection {
    private static final Logger LOG = LoggerFactory.getLogger(TlsConnection.class);
    private static final int BUFFER = 16_384;

    /** So many packets may wait to be looked at; then the server waits. */
    private static final int UNREAD = 256;

    private static final Duration GOOD_BYE = Duration.ofSeconds(1);

    /** No packet; said to the writer: nothing follows. */
    private static final byte[] END = new byte[0];

    private final TlsEndpoint endpoint;
    private final Owner owner;
    private final int patienceMillis;
    private final Socket plain = new Socket();
    private final BlockingQueue<byte[]> toSend = new LinkedBlockingQueue<>();
    private final Semaphore unread = new Semaphore(UNREAD);

    /** Hears of a connection, on the connection's threads. */
    interface Owner {
        /** Both have said who they are. */
        void established(TlsConnection connection);

        /** A packet is there; {@link #looked} when it has been looked at. */
        void received(TlsConnection connection, byte[] packet);

        /**
         * The last that is heard of it.
         *
         * @param why null: the server has closed it between two packets
         */
        void ended(TlsConnection connection, @Nullable Exception why);
    }

    private TlsConnection(TlsEndpoint endpoint, int patienceMillis, Owner owner) {
        this.endpoint = endpoint;
        this.patienceMillis = patienceMillis;
        this.owner = owner;
    }

    /** @param patienceMillis for the connection, and for each answer while both say who they are */
    static TlsConnection open(TlsEndpoint endpoint, int patienceMillis, Owner owner) {
        TlsConnection connection = new TlsConnection(endpoint, patienceMillis, owner);
        Thread.ofVirtual().name("warren-radius-tls-in").start(connection::run);
        return connection;
    }

    /** Not more than a server may leave unanswered. */
    void send(byte[] packet) {
        toSend.add(packet);
    }

    /** One packet more may come. */
    void looked() {
        unread.release();
    }

    /** Sends what is to be sent, and says good-bye; does not wait for ever for the server's. */
    void finish() {
        toSend.add(END);
        Thread.ofVirtual().name("warren-radius-tls-end").start(() -> {
            LockSupport.parkNanos(GOOD_BYE.toNanos());
            abort();
        });
    }

    /** At once, though the server does not listen. */
    void abort() {
        toSend.add(END);
        try {
            plain.close();
        } catch (IOException e) {
            LOG.debug("closing a connection", e);
        }
    }

    private void run() {
        Exception why = null;
        try (plain) {
            endpoint.connect(plain, patienceMillis);
            plain.setSoTimeout(patienceMillis);
            SSLSocket tls = endpoint.secure(plain);
            tls.setSoTimeout(0);
            owner.established(this);
            Thread.ofVirtual().name("warren-radius-tls-out").start(() -> write(tls));
            read(tls);
        } catch (IOException | RuntimeException e) {
            why = e;
        }
        toSend.add(END);
        owner.ended(this, why);
    }

    private void read(SSLSocket tls) throws IOException {
        PacketStream packets = new PacketStream(new BufferedInputStream(tls.getInputStream(), BUFFER));
        for (byte[] packet = packets.next(); packet != null; packet = packets.next()) {
            try {
                unread.acquire();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            owner.received(this, packet);
        }
    }

    /**
     * Each packet is a record of its own: FreeRADIUS 3 takes a record for a packet. The reading thread tells of the end,
     * whoever notices it.
     */
    private void write(SSLSocket tls) {
        try (tls) {
            OutputStream out = tls.getOutputStream();
            for (byte[] packet = toSend.take(); packet.length > 0; packet = toSend.take()) {
                out.write(packet);
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("a connection to a RADIUS server has ended", e);
        }
        abort();
    }
}
