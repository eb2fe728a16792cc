package io.warren.control.cluster;

import akka.Done;
import akka.actor.ActorSelection;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.warren.control.ingress.CallRecovery;
import io.warren.control.ingress.EntityRouter;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import io.warren.control.port.SessionCounters;
import io.warren.control.port.SessionPlane;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The parts of this package on one node, put together and running. */
public final class ClusterShards {
    private static final String BOARD = "warren-board";

    private final ActorSystem<?> system;
    private final ClusterView view;
    private final ActorRef<Board.Command> board;

    private ClusterShards(ActorSystem<?> system, ClusterView view, ActorRef<Board.Command> board) {
        this.system = system;
        this.view = view;
        this.board = board;
    }

    /**
     * What a node is in its cluster.
     *
     * @param relay where it takes packets from other nodes
     * @param ingresses addresses at which only this node takes packets; none when all nodes have the same
     * @param blockSize addresses in a block
     * @param recoveryRate tunnels and calls to start each second, at most
     */
    public record Identity(Endpoint relay, List<Endpoint> ingresses, int blockSize, int recoveryRate) {}

    /** What there is on the node by now. */
    public record Surroundings(
            ClusterPlane clusterPlane,
            SessionPlane sessionPlane,
            OwnedAddresses addresses,
            ShardJournal journal,
            EntityRouter router,
            TunnelDirectory tunnels,
            SessionDirectory sessions) {}

    /** Starts to own shards. To be called when packets can be taken and sent. */
    public static ClusterShards start(ActorSystem<?> system, ClusterView view, Identity identity, Surroundings around) {
        ActorRef<CallRecovery.Command> recovery = system.systemActorOf(
                CallRecovery.create(
                        new CallRecovery.World(
                                around.router(),
                                around.tunnels(),
                                around.sessions(),
                                key -> !around.sessionPlane().counters(key).equals(SessionCounters.ZERO)),
                        identity.recoveryRate(),
                        System::nanoTime),
                "call-recovery",
                Props.empty());
        Keepers keepers = new Keepers();
        Arrivals arrivals = new Arrivals();
        ActorRef<Board.Command> board = system.systemActorOf(
                Board.create(world(system, view, identity, around, keepers, arrivals), view::publish),
                BOARD,
                Props.empty());
        view.notices().announceBy(notice -> board.tell(new Board.Local.Announce(notice)));
        view.lastAddresses().listen(got -> board.tell(new Board.Local.UserGot(got.user(), got.address())));
        KeeperWorld keeperWorld = new KeeperWorld(
                new ShardReads(around.journal(), system.scheduler(), system.executionContext()),
                board,
                recovery,
                around.tunnels(),
                around.sessions(),
                around.sessionPlane(),
                around.addresses(),
                arrivals,
                view.ready());
        keepers.region = ClusterSharding.get(system)
                .init(Entity.of(
                                ShardKeeper.KEY,
                                context -> ShardKeeper.create(Integer.parseInt(context.getEntityId()), keeperWorld))
                        .withMessageExtractor(new ShardKeeper.Extractor())
                        .withAllocationStrategy(view.keepers())
                        .withStopMessage(new ShardKeeper.Command.HandOff())
                        .withSettings(ClusterShardingSettings.create(system)));
        system.systemActorOf(members(board), "warren-members", Props.empty());
        return new ClusterShards(system, view, board);
    }

    /** The keepers' shard region, which starts after the board that wakes them. */
    private static final class Keepers {
        private volatile @Nullable ActorRef<ShardingEnvelope<ShardKeeper.Command>> region;

        void wake(int shard) {
            ActorRef<ShardingEnvelope<ShardKeeper.Command>> started = region;
            if (started != null) {
                started.tell(new ShardingEnvelope<>(Integer.toString(shard), new ShardKeeper.Command.Wake()));
            }
        }
    }

    private static BoardWorld world(
            ActorSystem<?> system,
            ClusterView view,
            Identity identity,
            Surroundings around,
            Keepers keepers,
            Arrivals arrivals) {
        Map<String, ActorSelection> boards = new ConcurrentHashMap<>();
        OtherNodes others = (node, message) -> boards.computeIfAbsent(
                        node,
                        to -> Adapter.toClassic(system)
                                .actorSelection("akka://" + system.name() + "@" + to + "/system/" + BOARD))
                .tell(message, akka.actor.ActorRef.noSender());
        return new BoardWorld(
                view.self(),
                identity.relay(),
                identity.ingresses(),
                identity.blockSize(),
                around.clusterPlane(),
                around.addresses(),
                arrivals,
                view.ready(),
                around.tunnels(),
                around.sessions(),
                view.notices(),
                view.lastAddresses(),
                others,
                keepers::wake,
                System::nanoTime,
                System::currentTimeMillis);
    }

    private static Behavior<ClusterEvent.MemberEvent> members(ActorRef<Board.Command> board) {
        return Behaviors.setup(context -> {
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(context.getSelf(), ClusterEvent.MemberEvent.class));
            return Behaviors.receiveMessage(event -> {
                board.tell(new Board.Local.MemberChanged(
                        RendezvousAllocation.name(event.member().address()),
                        event instanceof ClusterEvent.MemberRemoved
                                ? null
                                : event.member().status()));
                return Behaviors.same();
            });
        });
    }

    /** This node is to lose its shards to the others and stay a member; or, off, to have its share again. */
    public void drain(boolean on) {
        view.drain(on);
        board.tell(new Board.Local.Drain(on));
    }

    /** Completes when other nodes have all that was this node's, or there are none; fails when that takes too long. */
    public CompletionStage<Done> handedOver(Duration patience) {
        return AskPattern.ask(board, Board.Local.AwaitHandOver::new, patience, system.scheduler())
                .thenApply(_ -> Done.getInstance());
    }
}
