package io.warren.radius;

import io.warren.config.RadiusSettings;
import io.warren.config.TlsSettings;
import io.warren.wire.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks RADIUS servers of one kind, over UDP or TLS. One thread owns all that is known of the servers and runs what waits
 * for answers, so that must not block; {@link Exchanges} decides. Safe for use by many threads.
 */
final class RadiusClient implements AutoCloseable {
    /** What is asked of the servers; they listen for each at a port of its own. */
    enum Purpose {
        AUTHENTICATION,
        ACCOUNTING;

        int port(RadiusSettings.Server server) {
            int port = this == AUTHENTICATION ? server.authenticationPort() : server.accountingPort();
            TlsSettings tls = server.tls();
            return port == 0 || tls == null ? port : tls.port();
        }

        /** For figures. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RadiusClient.class);
    private static final long TICK_MILLIS = 20;
    private static final int REPORTS_AT_ONCE = 1_024;

    private final Purpose purpose;
    private final RadiusFigures figures;
    private final SecureRandom random = new SecureRandom();
    private final Selector selector;
    private final List<ServerTransport> servers = new ArrayList<>();
    private final Queue<Asked> arrived = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> reported = new ConcurrentLinkedQueue<>();
    private final Map<Long, Asked> open = new HashMap<>();
    private final Thread thread;
    private Exchanges exchanges;
    private long lastNumber;
    private volatile boolean closed;

    /**
     * A request in its making.
     *
     * @param attributes asked for whenever a server gets it for the first time
     * @param password to be hidden for that server; null for none
     * @param server the only one that may be asked; null for any
     * @param signed whether only an answer with a Message-Authenticator counts, whatever the settings say
     */
    record Question(
            int code,
            Supplier<Attributes> attributes,
            @Nullable Bytes password,
            @Nullable String server,
            boolean signed) {
        /** For any server. */
        Question(int code, Supplier<Attributes> attributes, @Nullable Bytes password) {
            this(code, attributes, password, null, false);
        }

        /** Whether an answer without one is dropped. */
        boolean demandsMessageAuthenticator(RadiusSettings.Server asked) {
            return code == RadiusCode.ACCESS_REQUEST
                    && (signed || asked.messageAuthenticator() == RadiusSettings.MessageAuthenticator.REQUIRE);
        }

        @Override
        public String toString() {
            return "Question[code=" + code + "]";
        }
    }

    /** What came of a question. */
    sealed interface Answer {
        /** @param unhide opens what the server hid for this request; null when it does not come out whole */
        record Replied(String server, RadiusPacket packet, Unhide unhide) implements Answer {}

        record Unanswered(String reason) implements Answer {}
    }

    /** Opens a hidden value. */
    @FunctionalInterface
    interface Unhide {
        @Nullable
        Bytes open(Bytes value);
    }

    /** A question that waits for its answer; only the client's thread knows it. */
    static final class Asked {
        final Question question;
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        long number;
        ServerTransport.@Nullable Place place;

        Asked(Question question) {
            this.question = question;
        }
    }

    private RadiusClient(RadiusSettings settings, Purpose purpose, RadiusFigures figures) throws IOException {
        this.purpose = purpose;
        this.figures = figures;
        this.selector = Selector.open();
        InetAddress source =
                settings.sourceAddress().isEmpty() ? null : InetAddress.getByName(settings.sourceAddress());
        List<Exchanges.Server> choices = new ArrayList<>();
        for (RadiusSettings.Server server : settings.servers()) {
            int port = purpose.port(server);
            if (port != 0) {
                TlsSettings tls = server.tls();
                choices.add(new Exchanges.Server(server.priority(), server.weight(), server.limit(), tls != null));
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(server.address()), port);
                servers.add(
                        tls == null
                                ? new ServerSockets(server, address, source, selector)
                                : new TlsServer(
                                        server,
                                        TlsEndpoint.of(tls, address, source),
                                        settings.retransmission(),
                                        purpose,
                                        figures,
                                        new Reports(servers.size())));
            }
        }
        RadiusSettings.Retransmission retransmission = settings.retransmission();
        this.exchanges = Exchanges.of(
                choices,
                new Exchanges.Policy(
                        retransmission.timeout().toNanos(),
                        retransmission.attempts(),
                        retransmission.deadTime().toNanos()));
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("warren-radius-" + purpose.word())
                .unstarted(this::run);
    }

    /** @throws IOException when a socket cannot be opened */
    static RadiusClient start(RadiusSettings settings, Purpose purpose, RadiusFigures figures) throws IOException {
        RadiusClient client = new RadiusClient(settings, purpose, figures);
        client.thread.start();
        return client;
    }

    /** Never completes exceptionally. */
    CompletionStage<Answer> ask(Question question) {
        Asked asked = new Asked(question);
        arrived.add(asked);
        selector.wakeup();
        if (closed) {
            asked.answer.complete(new Answer.Unanswered("the node stops"));
        }
        return asked.answer;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    private void run() {
        long lastTick = System.nanoTime() - TICK_MILLIS * 1_000_000;
        try {
            while (!closed) {
                if (reported.isEmpty()) {
                    selector.select(open.isEmpty() ? idleMillis(System.nanoTime()) : TICK_MILLIS);
                } else {
                    selector.selectNow();
                }
                takeReported();
                takeArrived();
                receive();
                long now = System.nanoTime();
                if (now - lastTick >= TICK_MILLIS * 1_000_000) {
                    lastTick = now;
                    carryOut(exchanges.tick(now, random));
                    servers.forEach(server -> server.tick(now));
                }
            }
        } catch (IOException e) {
            LOG.error("RADIUS {} has stopped: restart the node", purpose, e);
        } finally {
            closed = true;
            takeNoMore();
        }
    }

    /** How long nothing is to be done while nobody asks; 0: for ever. */
    private long idleMillis(long now) {
        long least = Long.MAX_VALUE;
        for (ServerTransport server : servers) {
            least = Math.min(least, server.idleMillis(now));
        }
        return least == Long.MAX_VALUE ? 0 : Math.max(TICK_MILLIS, least);
    }

    /** Some of what the connections say; the rest waits, so that one that never ends does not stop all else. */
    private void takeReported() {
        for (int left = REPORTS_AT_ONCE; left > 0; left--) {
            Runnable report = reported.poll();
            if (report == null) {
                return;
            }
            try {
                report.run();
            } catch (RuntimeException e) {
                LOG.error("RADIUS {}: a report is lost", purpose, e);
            }
        }
    }

    /** What the connections to one server have to say. */
    private final class Reports implements TlsServer.Reports {
        private final int server;

        private Reports(int server) {
            this.server = server;
        }

        @Override
        public void onOurThread(Runnable report) {
            reported.add(report);
            selector.wakeup();
        }

        @Override
        public void replied(Asked asked, Answer.Replied reply) {
            RadiusClient.this.replied(asked, reply);
        }

        @Override
        public void lost(Asked asked) {
            asked.place = null;
            figures.count("lost with its connection");
            carryOut(exchanges.lost(asked.number, System.nanoTime(), random));
        }

        @Override
        public void connected() {
            carryOut(exchanges.connected(server, System.nanoTime(), random));
        }

        @Override
        public void unreachable() {
            carryOut(exchanges.unreachable(server, System.nanoTime()));
        }
    }

    private void takeArrived() {
        for (Asked asked = arrived.poll(); asked != null; asked = arrived.poll()) {
            asked.number = ++lastNumber;
            open.put(asked.number, asked);
            String only = asked.question.server();
            carryOut(
                    only == null
                            ? exchanges.ask(asked.number, System.nanoTime(), random)
                            : exchanges.ask(asked.number, place(only), System.nanoTime(), random));
        }
    }

    /** Of the server with this name; -1 when there is none. */
    private int place(String name) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private void receive() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            ServerSockets.Socket socket = (ServerSockets.Socket) key.attachment();
            socket.receive(figures::dropped, this::replied);
        }
        selector.selectedKeys().clear();
    }

    private void replied(Asked asked, Answer.Replied reply) {
        open.remove(asked.number);
        figures.count(reply.server() + ": " + purpose.word() + " answered");
        carryOut(exchanges.answered(asked.number, System.nanoTime(), random));
        asked.answer.complete(reply);
    }

    private void carryOut(Exchanges.Step step) {
        exchanges = step.next();
        for (Exchanges.Action action : step.actions()) {
            switch (action) {
                case Exchanges.Action.Send(long number, int server) -> send(number, servers.get(server));
                case Exchanges.Action.Repeat(long number) -> repeat(number);
                case Exchanges.Action.GiveUp(long number, String reason) -> giveUp(number, reason);
                case Exchanges.Action.Died(int server) -> {
                    figures.count(servers.get(server).name() + ": died");
                    LOG.warn(
                            "RADIUS server {} does not answer ({})",
                            servers.get(server).name(),
                            purpose);
                }
                case Exchanges.Action.Lives(int server) ->
                    LOG.info(
                            "RADIUS server {} answers again ({})",
                            servers.get(server).name(),
                            purpose);
            }
        }
    }

    private void send(long number, ServerTransport server) {
        Asked asked = open.get(number);
        if (asked == null) {
            return;
        }
        leave(asked);
        try {
            ServerTransport.Place place = server.place(asked);
            asked.place = place;
            place.send();
            figures.count(server.name() + ": " + purpose.word() + " sent");
        } catch (IOException | RuntimeException e) {
            // it will be repeated, or go to another server; a packet that cannot be sent is like one that is lost
            figures.count("not sent");
            LOG.debug("cannot send to RADIUS server {}", server.name(), e);
        }
    }

    private void repeat(long number) {
        Asked asked = open.get(number);
        ServerTransport.Place place = asked == null ? null : asked.place;
        if (place == null) {
            return;
        }
        try {
            place.send();
            figures.count("repeated");
        } catch (IOException e) {
            figures.count("not sent");
        }
    }

    private void giveUp(long number, String reason) {
        Asked asked = open.remove(number);
        if (asked != null) {
            leave(asked);
            figures.count("given up");
            asked.answer.complete(new Answer.Unanswered(reason));
        }
    }

    private static void leave(Asked asked) {
        ServerTransport.Place place = asked.place;
        if (place != null) {
            place.leave();
            asked.place = null;
        }
    }

    private void takeNoMore() {
        takeAll();
        for (ServerTransport server : servers) {
            server.close();
        }
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        takeAll();
    }

    private void takeAll() {
        for (Asked asked = arrived.poll(); asked != null; asked = arrived.poll()) {
            asked.answer.complete(new Answer.Unanswered("the node stops"));
        }
        open.values().forEach(asked -> asked.answer.complete(new Answer.Unanswered("the node stops")));
        open.clear();
    }
}
