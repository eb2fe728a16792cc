package io.warren.control.cluster;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.warren.control.ingress.EntityRouter;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.AccessDecision;
import io.warren.control.port.AccessRequest;
import io.warren.control.port.Endpoint;
import io.warren.control.port.SessionKey;
import io.warren.control.port.SubscriberAccess;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionState;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelState;
import io.warren.wire.Bytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node's cluster part in this process: real shards and keepers; tunnels and calls that only sit there. */
final class TestNode {
    private static final Config CONFIG = ConfigFactory.parseString("""
            akka {
              loglevel = WARNING
              loggers = ["akka.event.slf4j.Slf4jLogger"]
              log-dead-letters = off
              actor {
                provider = cluster
                serializers.by-reference = "io.warren.control.cluster.ByReference"
                serialization-bindings {
                  "io.warren.control.cluster.ClusterMessage" = by-reference
                  "io.warren.control.tunnel.TunnelCommand" = by-reference
                  "io.warren.control.session.SessionCommand" = by-reference
                }
              }
              remote.artery { transport = tcp, canonical { hostname = "127.0.0.1", port = 0 } }
              coordinated-shutdown {
                run-by-actor-system-terminate = off
                terminate-actor-system = off
                run-by-jvm-shutdown-hook = off
              }
              cluster {
                jmx.enabled = off
                periodic-tasks-initial-delay = 100 ms
                leader-actions-interval = 100 ms
                gossip-interval = 100 ms
                downing-provider-class = "akka.cluster.sbr.SplitBrainResolverProvider"
                split-brain-resolver { active-strategy = keep-majority, stable-after = 1 s }
                failure-detector { heartbeat-interval = 200 ms, acceptable-heartbeat-pause = 2 s }
                shutdown-after-unsuccessful-join-seed-nodes = off
                sharding {
                  number-of-shards = 256
                  rebalance-interval = 300 ms
                  retry-interval = 200 ms
                  passivation.strategy = none
                }
              }
            }
            """);

    final ActorSystem<Void> system;
    final ClusterView view;
    final ClusterShards shards;
    final FakePlane plane = new FakePlane();
    final TunnelDirectory tunnels = new TunnelDirectory();
    final SessionDirectory sessions = new SessionDirectory();
    final String name;

    TestNode(int number, SharedJournal journal, @Nullable TestNode first) {
        system = ActorSystem.create(Behaviors.empty(), "warren", CONFIG.withFallback(ConfigFactory.load()));
        name = RendezvousAllocation.name(Cluster.get(system).selfMember().address());
        view = new ClusterView(name);
        EntityRouter router = new EntityRouter(
                system,
                view.tunnels(),
                view.sessions(),
                tunnels,
                sessions,
                (id, _, _) -> tunnel(id),
                (id, _, _) -> session(id));
        Endpoint relay = new Endpoint(Bytes.of((byte) 10, (byte) 98, (byte) 0, (byte) number), 1702);
        shards = ClusterShards.start(
                system,
                view,
                new ClusterShards.Identity(relay, List.of(), 64, 20_000),
                new ClusterShards.Surroundings(plane, plane, OwnedAddresses.NONE, journal, router, tunnels, sessions));
        Cluster seed = Cluster.get(first == null ? system : first.system);
        Cluster.get(system).manager().tell(Join.create(seed.selfMember().address()));
    }

    private Behavior<TunnelCommand> tunnel(String id) {
        int tunnelId = Integer.parseInt(id);
        return Behaviors.setup(context -> {
            TunnelDirectory.Seat expected = tunnels.find(tunnelId);
            tunnels.seat(
                    tunnelId, context.getSelf(), expected == null ? new TunnelState.Idle(tunnelId) : expected.state());
            return Behaviors.receiveMessage(command -> {
                if (command instanceof TunnelCommand.HandOff) {
                    tunnels.handOver(tunnelId, context.getSelf());
                    return Behaviors.stopped();
                }
                return Behaviors.same();
            });
        });
    }

    private Behavior<SessionCommand> session(String id) {
        SessionKey key = SessionKey.parse(id);
        return Behaviors.setup(context -> {
            SessionDirectory.Seat expected = sessions.find(key);
            sessions.seat(key, context.getSelf(), expected == null ? new SessionState.Idle(key) : expected.state());
            return Behaviors.receiveMessage(command -> {
                if (command instanceof SessionCommand.HandOff) {
                    sessions.handOver(key, context.getSelf());
                    return Behaviors.stopped();
                }
                return Behaviors.same();
            });
        });
    }

    /** Calls whose actor runs here. */
    long awake() {
        return sessions.all().stream()
                .filter(entry -> entry.getValue().actor() != null)
                .count();
    }

    /** Nobody is told: as if the process were killed. */
    void kill() {
        system.terminate();
    }

    private static final class NoAccess implements SubscriberAccess {
        @Override
        public CompletionStage<AccessDecision> decide(AccessRequest request) {
            return CompletableFuture.completedFuture(new AccessDecision.Denied("nobody comes in", false));
        }

        @Override
        public CompletionStage<Boolean> lease(SessionKey key, int address) {
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public void restore(SessionKey key, int address) {}

        @Override
        public void release(SessionKey key, int address) {}

        @Override
        public void over(SessionKey key) {}
    }
}
