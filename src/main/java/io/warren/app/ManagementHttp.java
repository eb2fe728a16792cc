package io.warren.app;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.management.javadsl.AkkaManagement;
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
 * Opens the management HTTP of a node. A member of a cluster answers the other nodes at its own address, and the same
 * routes at loopback, where the {@code warren} command and the machine's own checks ask.
 */
final class ManagementHttp {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementHttp.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
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
        ServerBinding binding = opened(
                Http.get(system)
                        .newServerAt(LOOPBACK, port)
                        .bind(AkkaManagement.get(system).getRoutes()),
                " at " + LOOPBACK + ":" + port);
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseServiceUnbind(),
                        "management-loopback",
                        () -> binding.terminate(LAST_ANSWERS).thenApply(_ -> akka.Done.getInstance()));
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
