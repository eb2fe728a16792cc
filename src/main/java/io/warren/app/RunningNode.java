package io.warren.app;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import io.warren.config.Settings;
import io.warren.control.login.ClusterLogins;
import io.warren.dataplane.DataPlane;
import io.warren.management.ManagedNode;
import io.warren.management.NodeMetrics;
import io.warren.radius.Radius;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * A node that runs: by itself ({@link Node}) or as a member of a cluster ({@link ClusterNode}). Here is what both have,
 * and how they go; what they begin with, and in which order, they say themselves.
 */
public abstract sealed class RunningNode permits Node, ClusterNode {
    final Settings settings;
    final OpenJournal journal;
    final DataPlane plane;
    final Radius radius;
    final ActorSystem<Void> system;
    final JournalKeeper keeper;
    final ClusterLogins logins;
    private String managementUrl = "";

    /** @param config what stands over Akka's and our own defaults, the operator's file included */
    RunningNode(Settings settings, OpenJournal journal, DataPlane plane, Config config) throws IOException {
        this.settings = settings;
        this.journal = journal;
        this.plane = plane;
        this.radius = Radius.start(settings.radius());
        this.logins =
                new ClusterLogins(settings.subscribers(), settings.timeouts().lcpTerminate(), System::nanoTime);
        this.system = NodeSystem.start(config, journal);
        this.keeper = new JournalKeeper(settings, journal.database(), journal.index());
    }

    /** How a node is made of its journal. */
    interface Making<N extends RunningNode> {
        N of(OpenJournal journal) throws IOException;
    }

    /** Makes a node and runs it. The journal is closed when it cannot be made, the node stopped when it cannot run. */
    static <N extends RunningNode> N start(OpenJournal journal, Making<N> making) throws IOException {
        N node;
        try {
            node = making.of(journal);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
        try {
            node.run();
        } catch (IOException | RuntimeException e) {
            node.stop();
            throw e;
        }
        return node;
    }

    abstract void run() throws IOException;

    /** The status that the process of a node that has stopped in order is to end with. */
    abstract int status();

    /** Management sees the node from now on. */
    final void attach(NodeViews views) throws IOException {
        ManagedNode.of(system)
                .attach(views, new NodeMetrics(views), settings.management().readOnly());
        managementUrl = ManagementHttp.start(system);
    }

    /**
     * Told to stop, the node first leaves; then the actors go, and the sockets after them.
     *
     * @param how a word for it, in the log
     */
    final void stopInOrder(String how, Supplier<CompletionStage<Done>> leaving) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), how, leaving);
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "close", () -> {
            ManagedNode.of(system).detach();
            keeper.close();
            radius.close();
            plane.close();
            return done();
        });
    }

    static CompletionStage<Done> done() {
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

    /** Waits until the node has stopped; the status that its process is to end with. */
    public int awaitTermination() throws InterruptedException {
        try {
            system.getWhenTerminated().toCompletableFuture().get();
            return status();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the node did not stop in order", e.getCause());
        } finally {
            journal.close();
        }
    }

    /** Stops the node in order; returns at once. */
    public void stop() {
        CoordinatedShutdown.get(system).run(CoordinatedShutdown.unknownReason(), Optional.empty());
    }
}
