package io.warren.app;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.management.javadsl.AkkaManagement;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the management HTTP of a node. A member of a cluster answers the other nodes at its own address, and at
 * loopback as well, where the {@code warren} command and the machine's own checks ask.
 */
final class ManagementHttp {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementHttp.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String KEY = "akka.management.http.";

    private ManagementHttp() {}

    /** Opens it where the configuration says; returns its URL. */
    static String start(ActorSystem<?> system) throws IOException {
        String url = opened(AkkaManagement.get(system).start(), "").toString();
        LOG.info("management answers at {}", url);
        return url;
    }

    /** Opens it at loopback too, unless it answers there already. */
    static void alsoAtLoopback(ActorSystem<?> system) throws IOException {
        String bound = system.settings().config().getString(KEY + "bind-hostname");
        String host = bound.isEmpty() ? system.settings().config().getString(KEY + "hostname") : bound;
        InetAddress address = InetAddress.getByName(host);
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return;
        }
        int port = system.settings().config().getInt(KEY + "port");
        // Connections are passed on: the routes, of which some begin to act when they are made, can be made only once.
        Tcp tcp = Tcp.get(system);
        Tcp.ServerBinding binding = opened(
                tcp.bind(LOOPBACK, port)
                        .to(Sink.foreach(connection ->
                                connection.handleWith(tcp.outgoingConnection(address.getHostAddress(), port), system)))
                        .run(system),
                " at " + LOOPBACK + ":" + port);
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseServiceUnbind(),
                        "management-loopback",
                        () -> binding.unbind().thenApply(_ -> Done.getInstance()));
        LOG.info("management answers at http://{}:{} as well", LOOPBACK, port);
    }

    private static <T> T opened(CompletionStage<T> opening, String where) throws IOException {
        try {
            return opening.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the management address" + where + " cannot be opened (akka.management.http.hostname, .port): " + e,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }
}
