package io.warren.app;

import akka.NotUsed;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import akka.dispatch.ExecutionContexts;
import akka.stream.javadsl.Source;
import io.warren.config.Settings;
import io.warren.control.Moment;
import io.warren.control.MomentSource;
import io.warren.control.Strain;
import io.warren.control.Tally;
import io.warren.control.cluster.ClusterView;
import io.warren.control.cluster.RendezvousAllocation;
import io.warren.control.ingress.CallRecovery;
import io.warren.control.ingress.EntityRouter;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.ingress.PeerDispatcher;
import io.warren.control.ingress.ReadyShards;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.ingress.TunnelNotices;
import io.warren.control.port.Availability;
import io.warren.control.port.ControlTransport;
import io.warren.control.port.Ingress;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SessionPlane;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.port.SubscriberAccounting;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionSettings;
import io.warren.control.session.SessionWorld;
import io.warren.control.tunnel.TunnelEntity;
import io.warren.control.tunnel.TunnelSettings;
import io.warren.control.tunnel.TunnelWorld;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the control plane of a node: directories, shard regions, the dispatcher and the recovery of calls. */
final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private static final Duration PROBE = Duration.ofMillis(100);

    private final ActorSystem<?> system;
    private final Settings settings;
    private final SessionSettings sessionSettings;
    private final TunnelDirectory tunnels = new TunnelDirectory();
    private final SessionDirectory sessions = new SessionDirectory();
    private final Tally tally = new Tally(System::nanoTime);
    private final CallLog log = new CallLog();
    private final EntityRouter router;
    private final PeerDispatcher dispatcher;

    ControlPlane(
            ActorSystem<?> system,
            Settings settings,
            ControlTransport transport,
            SessionPlane plane,
            SubscriberAccess access,
            SubscriberAccounting accounting,
            Availability journal,
            Where where) {
        this.system = system;
        this.settings = settings;
        SecureRandom random = new SecureRandom();
        MomentSource clock = () -> new Moment(System.nanoTime(), Instant.now(), random);
        Strain strain = strain(system, settings);
        TunnelSettings tunnelSettings = ControlSettings.tunnel(settings);
        this.sessionSettings = ControlSettings.session(settings);
        this.router = new EntityRouter(
                system,
                where.tunnelPlaces(),
                where.sessionPlaces(),
                tunnels,
                sessions,
                (id, to, passivation) -> TunnelEntity.create(
                        Integer.parseInt(id),
                        tunnelSettings,
                        new TunnelWorld(clock, transport, to, tunnels, log, tally, journal, strain, passivation)),
                (id, to, passivation) -> SessionEntity.create(
                        SessionKey.parse(id),
                        sessionSettings,
                        new SessionWorld(
                                clock,
                                transport,
                                plane,
                                access,
                                accounting,
                                to,
                                sessions,
                                log,
                                tally,
                                journal,
                                passivation)));
        this.dispatcher = new PeerDispatcher(
                clock,
                transport,
                router,
                router,
                tunnels,
                sessions,
                tally,
                journal,
                ControlSettings.ingress(settings),
                where.tunnelIdUsedBefore(),
                where.ready(),
                where.notices());
    }

    private static Strain strain(ActorSystem<?> system, Settings settings) {
        Strain strain = new Strain(settings.limits().longestWait());
        system.scheduler()
                .scheduleWithFixedDelay(
                        PROBE,
                        PROBE,
                        new StrainProbe(strain, system.executionContext()),
                        ExecutionContexts.fromExecutor(Runnable::run));
        return strain;
    }

    /**
     * Where calls may be.
     *
     * @param tunnelPlaces on which node the tunnels of a shard are
     * @param sessionPlaces the same for its calls
     * @param tunnelIdUsedBefore tunnel ids whose journal is still kept: taken last, so that histories stay apart
     * @param ready shards in which tunnels may begin here
     * @param notices of tunnels that began on other nodes
     */
    record Where(
            ShardAllocationStrategy tunnelPlaces,
            ShardAllocationStrategy sessionPlaces,
            IntPredicate tunnelIdUsedBefore,
            ReadyShards ready,
            TunnelNotices notices) {
        /** All here, on a node by itself. */
        static Where here(IntPredicate tunnelIdUsedBefore) {
            return new Where(
                    RendezvousAllocation.alone(),
                    RendezvousAllocation.alone(),
                    tunnelIdUsedBefore,
                    ReadyShards.alone(),
                    TunnelNotices.none());
        }

        /** Where the cluster says. */
        static Where in(ClusterView view) {
            return new Where(view.tunnels(), view.sessions(), _ -> false, view.ready(), view.notices());
        }
    }

    /** Makes the calls that the journal knows known here, before the first packet is looked at. */
    void expect(LiveCalls calls) {
        calls.tunnels().forEach((tunnelId, state) -> {
            PeerPath path = state.path();
            if (path != null) {
                tunnels.take(tunnelId, state, new TunnelDirectory.Request(path.remote(), state.peerTunnelId()));
            }
        });
        calls.calls().forEach(sessions::expect);
    }

    /** Starts to take packets. */
    void start(Source<Ingress, NotUsed> packets) {
        packets.runForeach(dispatcher::accept, system).whenComplete((_, failure) -> {
            if (failure != null
                    && CoordinatedShutdown.get(system).getShutdownReason().isEmpty()) {
                LOG.error("packets are no longer read: restart the node", failure);
            }
        });
    }

    /**
     * Starts to wake the calls that the journal knows.
     *
     * @param recovered run when all of them are awake
     */
    void wake(LiveCalls calls, Runnable recovered) {
        system.systemActorOf(
                        CallRecovery.create(
                                new CallRecovery.World(router, tunnels, sessions, _ -> false),
                                settings.recovery().rate(),
                                System::nanoTime),
                        "call-recovery",
                        Props.empty())
                .tell(new CallRecovery.Command.Arrived(
                        calls.tunnels().keySet(), calls.calls().keySet(), calls.orphans(), recovered));
    }

    /** Whether new tunnels are turned away from now on. */
    void drain(boolean on) {
        dispatcher.drain(on);
    }

    /** Whether some call has not written its end yet, or some tunnel is neither idle nor closed. */
    boolean anythingOpen() {
        return sessions.count() > 0
                || tunnels.all().stream()
                        .anyMatch(entry -> entry.getValue().state().isLive());
    }

    TunnelDirectory tunnels() {
        return tunnels;
    }

    /** Names of the rule lists that there are. */
    Set<String> filters() {
        return sessionSettings.filters();
    }

    SessionDirectory sessions() {
        return sessions;
    }

    EntityRouter router() {
        return router;
    }

    /** Events written to the journal since the start. */
    long events() {
        return log.written();
    }

    /** Writes to the journal that failed, and restarted their entity. */
    long journalFailures() {
        return tally.snapshot().getOrDefault(Tally.JOURNAL_FAILED, 0L);
    }

    Tally tally() {
        return tally;
    }
}
