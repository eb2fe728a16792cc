package io.warren.app;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import io.warren.config.Configuration;
import io.warren.config.Settings;
import io.warren.control.access.LocalAccess;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.session.SessionDecider;
import io.warren.dataplane.DataPlane;
import io.warren.journal.BulkReader;
import io.warren.management.ManagedNode;
import io.warren.management.NodeMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node by itself; a member of a cluster is a {@link ClusterNode}. Starts in the order that brings traffic back soonest: the journal is read, forwarding restored, then
 * the actors start and the calls wake behind them. Stops in the reverse order.
 */
public final class Node implements RunningNode {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Settings settings;
    private final OpenJournal journal;
    private final LiveCalls calls;
    private final DataPlane plane;
    private final ActorSystem<Void> system;
    private final ControlPlane control;
    private final JournalKeeper keeper;
    private String managementUrl = "";

    private Node(Configuration configuration) throws IOException {
        this.settings = configuration.settings();
        this.journal = OpenJournal.open(settings);
        this.calls = new LiveCalls(ControlSettings.lingeringSince(settings));
        try {
            long begun = System.nanoTime();
            BulkReader.Summary summary = new BulkReader(journal.database())
                    .read(
                            journal.index(),
                            entity -> calls.add(entity.persistenceId(), entity.tunnelSnapshot(), entity.events()));
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
            this.system = NodeSystem.start(configuration.file(), journal);
            LocalAccess access = NodeSystem.access(system, settings);
            calls.calls()
                    .forEach((key, state) ->
                            SessionDecider.leasedAddress(state).ifPresent(address -> access.restore(key, address)));
            this.control = new ControlPlane(
                    system,
                    settings,
                    plane.transport(),
                    plane.sessions(),
                    access,
                    journal.database().availability(),
                    ControlPlane.Where.here(id -> journal.index().contains("tunnel|" + id)));
            this.keeper = new JournalKeeper(settings, journal.database(), journal.index());
        } catch (IOException | RuntimeException e) {
            journal.close();
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
        control.start(plane.packets());
        control.wake(calls, journal.index()::releasePrefetched);
        stopInOrder();
        NodeViews views = new NodeViews(settings, control, plane, keeper, calls);
        ManagedNode.of(system)
                .attach(views, new NodeMetrics(views), settings.management().readOnly());
        managementUrl = ManagementHttp.start(system);
        keeper.start();
        LOG.info("listening for L2TP on {}", plane.listening());
    }

    /** Calls stay for the next start, or are ended, before the actors go; the sockets go after them. */
    private void stopInOrder() {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", () -> {
            ManagedNode.of(system).detach();
            control.drain(true);
            return settings.onStop() == Settings.OnStop.HANGUP ? HangUp.all(control) : done();
        });
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "close", () -> {
            keeper.close();
            plane.close();
            return done();
        });
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public DataPlane plane() {
        return plane;
    }

    @Override
    public String managementUrl() {
        return managementUrl;
    }

    @Override
    public int awaitTermination() throws InterruptedException {
        try {
            system.getWhenTerminated().toCompletableFuture().get();
            return 0;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the node did not stop in order", e.getCause());
        } finally {
            journal.close();
        }
    }

    @Override
    public void stop() {
        CoordinatedShutdown.get(system).run(CoordinatedShutdown.unknownReason(), Optional.empty());
    }
}
