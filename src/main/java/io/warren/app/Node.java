package io.warren.app;

import akka.Done;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import io.warren.config.Configuration;
import io.warren.config.Settings;
import io.warren.control.cluster.RendezvousAllocation;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.session.SessionDecider;
import io.warren.dataplane.DataPlane;
import io.warren.journal.BulkReader;
import io.warren.management.ManagedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node by itself; a member of a cluster is a {@link ClusterNode}. Starts in the order that brings traffic back
 * soonest: the journal is read, forwarding restored, then the actors start and the calls wake behind them. Stops in the
 * reverse order.
 */
public final class Node extends RunningNode {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final LiveCalls calls;
    private final ControlPlane control;

    private Node(Configuration configuration, OpenJournal journal, LiveCalls calls, DataPlane plane)
            throws IOException {
        super(configuration.settings(), journal, plane, configuration.file());
        this.calls = calls;
        SubscriberAccess access = NodeSystem.access(system, settings, radius, logins);
        calls.calls()
                .forEach((key, state) -> SessionDecider.leased(state).forEach(address -> access.restore(key, address)));
        this.control = new ControlPlane(
                system,
                settings,
                plane.transport(),
                plane.sessions(),
                access,
                radius,
                journal.database().availability(),
                ControlPlane.Where.here(id -> journal.index().contains("tunnel|" + id)));
    }

    /**
     * Starts a node.
     *
     * @throws IOException when a socket, the TUN device or the journal cannot be opened; it says what would help
     */
    public static Node start(Configuration configuration) throws IOException {
        return start(OpenJournal.open(configuration.settings()), journal -> restored(configuration, journal));
    }

    private static Node restored(Configuration configuration, OpenJournal journal) throws IOException {
        Settings settings = configuration.settings();
        LiveCalls calls = new LiveCalls(ControlSettings.lingeringSince(settings));
        long begun = System.nanoTime();
        BulkReader.Summary summary = new BulkReader(journal.database())
                .read(
                        journal.index(),
                        entity -> calls.add(entity.persistenceId(), entity.tunnelSnapshot(), entity.events()));
        DataPlane plane = DataPlane.open(DataPlaneWiring.settings(settings), new PacketDump(settings));
        List<ForwardingEntry> entries = calls.forwarding();
        plane.sessions().installAll(entries);
        plane.start();
        LOG.info(
                "forwarding restored for {} calls in {} tunnels ({} events read in {} ms)",
                entries.size(),
                calls.tunnels().size(),
                summary.events(),
                (System.nanoTime() - begun) / 1_000_000);
        return new Node(configuration, journal, calls, plane);
    }

    @Override
    void run() throws IOException {
        Cluster.get(system)
                .manager()
                .tell(Join.create(Cluster.get(system).selfMember().address()));
        control.expect(calls);
        logins.open(system, RendezvousAllocation.alone(), LoginCalls.alone(system, control), control.tally());
        control.start(plane.packets());
        control.wake(calls, journal.index()::releasePrefetched);
        radius.listen(CallsOutside.alone(system, control));
        if (calls.noCalls()) {
            radius.accountingOn();
        }
        stopInOrder("drain", this::drain);
        attach(new NodeViews(settings, control, plane, keeper, radius.figures(), calls));
        keeper.start();
        LOG.info("listening for L2TP on {}", plane.listening());
    }

    /** Calls stay for the next start, or are ended, before the actors go. */
    private CompletionStage<Done> drain() {
        ManagedNode.of(system).detach();
        control.drain(true);
        return settings.onStop() == Settings.OnStop.HANGUP
                ? HangUp.all(control).thenCompose(_ -> accountingOff())
                : done();
    }

    /** No call of this node goes on, so the server need not wait for their ends; nor do we for the server. */
    private CompletionStage<Done> accountingOff() {
        return radius.accountingOff()
                .toCompletableFuture()
                .completeOnTimeout(false, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(_ -> Done.getInstance());
    }

    @Override
    int status() {
        return 0;
    }
}
