package io.warren.app;

import akka.Done;
import akka.actor.BootstrapSetup;
import akka.actor.CoordinatedShutdown;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.management.javadsl.AkkaManagement;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Configuration;
import io.warren.config.Ipv4;
import io.warren.config.Settings;
import io.warren.control.access.LocalAccess;
import io.warren.control.access.UsersFile;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.session.SessionDecider;
import io.warren.control.tunnel.TunnelInput;
import io.warren.dataplane.DataPlane;
import io.warren.journal.BulkReader;
import io.warren.journal.JournalConfig;
import io.warren.journal.JournalDatabase;
import io.warren.journal.JournalIndex;
import io.warren.management.ManagedNode;
import io.warren.management.NodeMetrics;
import io.warren.wire.l2tp.ResultCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. Starts in the order that brings traffic back soonest: the journal is read, forwarding restored, then
 * the actors start and the calls wake behind them. Stops in the reverse order.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration USERS_LOOKED_AT = Duration.ofSeconds(5);
    private static final Duration MANAGEMENT_TIME = Duration.ofSeconds(20);
    private static final Duration HANG_UP_TIME = Duration.ofSeconds(5);

    private final Settings settings;
    private final JournalDatabase database;
    private final JournalIndex index = new JournalIndex();
    private final LiveCalls calls = new LiveCalls();
    private final DataPlane plane;
    private final ActorSystem<Void> system;
    private final ControlPlane control;
    private final JournalKeeper keeper;
    private String managementUrl = "";

    private Node(Configuration configuration) throws IOException {
        this.settings = configuration.settings();
        this.database = JournalDatabase.open(settings.dataDir());
        try {
            long begun = System.nanoTime();
            BulkReader.Summary summary = new BulkReader(database)
                    .read(index, entity -> calls.add(entity.persistenceId(), entity.tunnelSnapshot(), entity.events()));
            this.plane = DataPlane.open(DataPlaneWiring.settings(settings), new PacketDump(settings));
            List<ForwardingEntry> entries = calls.forwarding();
            plane.sessions().installAll(entries);
            plane.start();
            LOG.info(
                    "forwarding restored for {} calls in {} tunnels ({} events read in {} ms)",
                    entries.size(),
                    calls.tunnels().size(),
                    summary.events(),
                    (System.nanoTime() - begun) / 1_000_000);
            this.system = ActorSystem.create(Behaviors.empty(), "warren", setup(configuration.file()));
            SubscriberAccess access = access();
            this.control = new ControlPlane(
                    system,
                    settings,
                    plane.transport(),
                    plane.sessions(),
                    access,
                    id -> index.contains("tunnel|" + id));
            this.keeper = new JournalKeeper(settings, database, index);
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Starts a node.
     *
     * @throws IOException when a socket, the TUN device or the journal cannot be opened; it says what would help
     */
    public static Node start(Configuration configuration) throws IOException {
        Node node = new Node(configuration);
        try {
            node.run();
        } catch (IOException | RuntimeException e) {
            node.stop();
            throw e;
        }
        return node;
    }

    private void run() throws IOException {
        Cluster.get(system)
                .manager()
                .tell(Join.create(Cluster.get(system).selfMember().address()));
        control.expect(calls);
        control.start(plane.packets(), calls, index::releasePrefetched);
        stopInOrder();
        NodeViews views = new NodeViews(settings, control, plane, keeper, calls);
        ManagedNode.of(system)
                .attach(views, new NodeMetrics(views), settings.management().readOnly());
        startManagement();
        keeper.start();
        LOG.info("listening for L2TP on {}", plane.listening());
    }

    private void startManagement() throws IOException {
        try {
            managementUrl = AkkaManagement.get(system)
                    .start()
                    .toCompletableFuture()
                    .get(MANAGEMENT_TIME.toSeconds(), TimeUnit.SECONDS)
                    .toString();
            LOG.info("management answers at {}", managementUrl);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the management address cannot be opened (akka.management.http.hostname, .port): " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", e);
        }
    }

    private ActorSystemSetup setup(Config file) {
        Config whole = JournalConfig.h2(settings.dataDir())
                .withFallback(file)
                .withFallback(ConfigFactory.parseResources("management.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        return ActorSystemSetup.create(BootstrapSetup.create(whole), index, database.log());
    }

    private SubscriberAccess access() throws IOException {
        UsersFile users;
        try {
            users = UsersFile.open(settings.usersFile(), settings.hostname());
        } catch (UsersFile.MistakesException e) {
            throw new IOException(e.getMessage(), e);
        }
        LocalAccess access = new LocalAccess(
                users,
                DataPlaneWiring.pools(settings),
                settings.dns().stream().map(Ipv4::bits).toList(),
                settings.sessionLimits());
        system.scheduler()
                .scheduleWithFixedDelay(
                        USERS_LOOKED_AT, USERS_LOOKED_AT, users::reloadIfChanged, system.executionContext());
        calls.calls()
                .forEach((key, state) ->
                        SessionDecider.leasedAddress(state).ifPresent(address -> access.restore(key, address)));
        return access;
    }

    /** Calls stay for the next start, or are ended, before the actors go; the sockets go after them. */
    private void stopInOrder() {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", () -> {
            ManagedNode.of(system).detach();
            control.drain();
            return settings.onStop() == Settings.OnStop.HANGUP ? hangUpAll() : done();
        });
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "close", () -> {
            keeper.close();
            plane.close();
            return done();
        });
    }

    private CompletionStage<Done> hangUpAll() {
        ResultCode goingDown = new ResultCode(6, null, "the node is stopping");
        control.tunnels()
                .all()
                .forEach(entry -> control.router().tell(entry.getKey(), new TunnelInput.Close(goingDown, "local")));
        CompletableFuture<Done> ended = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            long giveUp = System.nanoTime() + HANG_UP_TIME.toNanos();
            while (control.anythingOpen() && System.nanoTime() < giveUp) {
                try {
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (InterruptedException e) {
                    break;
                }
            }
            ended.complete(Done.getInstance());
        });
        return ended;
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** The settings that it runs with. */
    public Settings settings() {
        return settings;
    }

    /** Where L2TP is spoken, with the ports that were really bound. */
    public DataPlane plane() {
        return plane;
    }

    /** Where management answers. */
    public String managementUrl() {
        return managementUrl;
    }

    /** Waits until the node has stopped. */
    public void awaitTermination() throws InterruptedException {
        try {
            system.getWhenTerminated().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the node did not stop in order", e.getCause());
        } finally {
            database.close();
        }
    }

    /** Stops the node in order; returns at once. */
    public void stop() {
        CoordinatedShutdown.get(system).run(CoordinatedShutdown.unknownReason(), Optional.empty());
    }
}
