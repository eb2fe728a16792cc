package io.warren.app;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.DispatcherSelector;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import io.warren.config.Configuration;
import io.warren.config.Settings;
import io.warren.control.port.ClusterPlane;
import io.warren.sys.NamedThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that is a member of a cluster; one by itself is a {@link Node}. It starts empty: sockets, actors, management,
 * then it looks for the others. What it has to do comes to it with the shards that it gets, and it is ready when every
 * shard has an owner. Told to stop, it goes by {@link Departure}; cut off from the majority, it ends at once.
 */
public final class ClusterNode extends RunningNode {
    /** Exit status of a node that the cluster has put down, or that found itself alone: start it again. */
    public static final int FENCED = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

    /** What carries heartbeats: dispatchers of cluster.conf, the selectors of Akka's TCP, and who says that one is due. */
    static final List<String> MEMBERSHIP_THREADS = List.of(
            "warren-warren-membership",
            "warren-warren-placement",
            "warren-warren-remoting",
            "warren-akka.io",
            "warren-scheduler");

    private static final Duration PREFERRED_AGAIN = Duration.ofSeconds(10);

    private final Runnable kill;
    private final ControlPlane control;
    private final MemberState member;

    private ClusterNode(Configuration configuration, MemberParts parts, Runnable kill, OpenJournal journal)
            throws IOException {
        super(
                configuration.settings(),
                journal,
                parts.plane(configuration.settings()),
                ClusterConfig.of(configuration.settings(), configuration.file()));
        this.kill = kill;
        ClusterPlane relay = parts.relay(plane);
        MemberParts.Started started =
                parts.start(new MemberParts.World(system, settings, journal, plane, relay, radius, logins));
        this.control = started.control();
        this.member = new MemberState(system, control, started.membership(), relay::heard);
    }

    /**
     * Starts a member; it joins the others when it has found enough of them.
     *
     * @param kill ends the process at once, with {@link #FENCED}: run when this node may not go on
     * @throws IOException when a socket, the TUN device or the journal cannot be opened; it says what would help
     */
    static ClusterNode start(Configuration configuration, MemberParts parts, Runnable kill) throws IOException {
        return start(
                parts.journal(configuration.settings()),
                journal -> new ClusterNode(configuration, parts, kill, journal));
    }

    @Override
    void run() throws IOException {
        stopInOrder("depart", this::depart);
        system.systemActorOf(
                MinorityFence.create(this::fenced),
                "minority-fence",
                DispatcherSelector.fromConfig("warren-membership-dispatcher"));
        EndedMembers.watch(member);
        plane.start();
        control.start(plane.packets());
        CallsElsewhere.answer(system, wanted -> CallsOutside.here(control.sessions(), wanted));
        radius.listen(new CallsOutside(
                system, control, new CallsElsewhere(system, member.name(), member::picture, CallsElsewhere.PATIENCE)));
        attach(new NodeViews(
                settings,
                control,
                plane,
                keeper,
                radius.figures(),
                "entries come with the shards",
                member,
                new Elsewhere(system, member::owns)));
        ManagementHttp.alsoAtLoopback(system);
        keeper.start();
        ClusterBootstrap.get(system).start();
        system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO, PREFERRED_AGAIN, ClusterNode::preferMembership, system.executionContext());
        LOG.info("listening for L2TP on {}, looking for the other nodes as {}", plane.listening(), member.name());
    }

    /** Not one packet more. Nothing is handed over: what others need is in the journal. */
    private void fenced(String reason) {
        LOG.error("{}: this node ends at once", reason);
        plane.close();
        kill.run();
    }

    /** Heartbeats must not wait for calls, or a busy node looks dead. Threads come and go, so it is done again. */
    private static void preferMembership() {
        MEMBERSHIP_THREADS.forEach(NamedThreads::prefer);
    }

    private CompletionStage<Done> depart() {
        if (putDown()) {
            plane.close();
            return done();
        }
        CompletionStage<Done> departed =
                new Departure(member, settings.cluster().drainDelay(), Departure.HAND_OVER).begin();
        return settings.onStop() == Settings.OnStop.HANGUP ? HangUp.all(control).thenCompose(_ -> departed) : departed;
    }

    /** Whether the cluster has ended this node, and nobody here. */
    private boolean putDown() {
        Optional<CoordinatedShutdown.Reason> reason =
                CoordinatedShutdown.get(system).getShutdownReason();
        return reason.filter(found -> found.equals(CoordinatedShutdown.clusterDowningReason())
                        || found.equals(CoordinatedShutdown.clusterJoinUnsuccessfulReason()))
                .isPresent();
    }

    @Override
    int status() {
        return putDown() ? FENCED : 0;
    }
}
