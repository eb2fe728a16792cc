package io.warren.control.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.warren.control.ingress.CallRecovery;
import io.warren.control.ingress.LiveCalls;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.PeerPath;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionDecider;
import io.warren.control.session.SessionState;
import io.warren.control.tunnel.TunnelState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keeper of a shard, on the node where the shard lives. Brings its calls back in the order that helps most:
 * forwarding from one look at the journal, then the announcement, then the actors one after another. Only a shard with a
 * ready keeper gets new tunnels. What it has read may be older than what an entity has written since; who wakes and finds
 * that it is over puts away what was made for it here.
 */
public final class ShardKeeper {
    public static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "shard");

    private static final Logger LOG = LoggerFactory.getLogger("warren.cluster");
    private static final Duration AGAIN = Duration.ofMillis(500);

    /** How long the announcement waits for the addresses, in milliseconds. */
    private static final long ADDRESSES_MILLIS = 1_000;

    /** By then the entities of a shard that was handed over are here, with all that they wrote elsewhere. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(3);

    /** What it is told. */
    public sealed interface Command {
        /** Be there. */
        record Wake() implements Command, ClusterMessage {}

        /** The shard moves, or the node stops. */
        record HandOff() implements Command, ClusterMessage {}
    }

    private sealed interface Local extends Command {}

    private record Look() implements Local {}

    private record Seen(LiveCalls calls) implements Local {}

    private record Unseen(Throwable failure) implements Local {}

    private record AddressesReady() implements Local {}

    private record Owned(Board.Claimed claimed) implements Local {}

    private final int shard;
    private final KeeperWorld world;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private LiveCalls found = new LiveCalls();
    private long epoch;

    private ShardKeeper(int shard, KeeperWorld world, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.shard = shard;
        this.world = world;
        this.context = context;
        this.timers = timers;
    }

    static Behavior<Command> create(int shard, KeeperWorld world) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ShardKeeper keeper = new ShardKeeper(shard, world, context, timers);
            // Before the look: what a call that is here already installs from now on may not be in what the look shows.
            world.arrivals().begin(shard, context.getSelf());
            keeper.look();
            return Behaviors.receive(Command.class)
                    .onAnyMessage(keeper::take)
                    .onSignal(PostStop.class, _ -> keeper.release())
                    .build();
        }));
    }

    /** A keeper's id is the number of its shard. */
    static final class Extractor extends ShardingMessageExtractor<ShardingEnvelope<Command>, Command> {
        @Override
        public String entityId(ShardingEnvelope<Command> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            return entityId;
        }

        @Override
        public Command unwrapMessage(ShardingEnvelope<Command> envelope) {
            return envelope.message();
        }
    }

    private Behavior<Command> take(Command command) {
        return switch (command) {
            case Command.Wake _ -> Behaviors.same();
            case Command.HandOff _ -> Behaviors.stopped();
            case Look _ -> look();
            case Unseen(var failure) -> {
                LOG.warn("shard {}: the journal cannot be read, trying again: {}", shard, failure.toString());
                timers.startSingleTimer(new Look(), AGAIN);
                yield Behaviors.same();
            }
            case Seen(var calls) -> epoch == 0 ? restore(calls) : secondLook(calls);
            case AddressesReady _ -> claim();
            case Owned(var claimed) -> owned(claimed);
        };
    }

    private Behavior<Command> look() {
        context.pipeToSelf(
                world.reads().read(shard), (calls, failure) -> failure == null ? new Seen(calls) : new Unseen(failure));
        return Behaviors.same();
    }

    /** Calls are known and forwarded from here on. */
    private Behavior<Command> restore(LiveCalls calls) {
        found = calls;
        world.tunnels().admitShard(shard);
        world.sessions().admitShard(shard);
        calls.tunnels().forEach(this::expect);
        Map<SessionKey, List<Integer>> leased = new HashMap<>();
        calls.calls().forEach((key, state) -> {
            world.sessions().expect(key, state);
            List<Integer> addresses = SessionDecider.leased(state);
            if (!addresses.isEmpty()) {
                leased.put(key, addresses);
            }
        });
        world.plane().installAll(calls.forwarding());
        context.pipeToSelf(
                world.addresses()
                        .arriving(shard, leased)
                        .toCompletableFuture()
                        .orTimeout(ADDRESSES_MILLIS, TimeUnit.MILLISECONDS),
                (_, failure) -> {
                    if (failure != null) {
                        LOG.warn("shard {}: announced without its addresses: {}", shard, failure.toString());
                    }
                    return new AddressesReady();
                });
        return Behaviors.same();
    }

    private void expect(int tunnelId, TunnelState state) {
        PeerPath path = state.path();
        if (path != null) {
            world.tunnels().take(tunnelId, state, new TunnelDirectory.Request(path.remote(), state.peerTunnelId()));
        }
    }

    private Behavior<Command> claim() {
        world.board()
                .tell(new Board.Local.Claim(
                        shard, context.getSelf(), context.messageAdapter(Board.Claimed.class, Owned::new)));
        return Behaviors.same();
    }

    private Behavior<Command> owned(Board.Claimed claimed) {
        epoch = claimed.epoch();
        world.ready().add(shard);
        List<SessionKey> keys = new ArrayList<>(found.calls().keySet());
        for (SessionKey unread : claimed.unread()) {
            world.sessions().expect(unread, new SessionState.Idle(unread));
            keys.add(unread);
        }
        wake(found, keys);
        LOG.debug(
                "shard {} is ours: {} tunnels, {} calls", shard, found.tunnels().size(), keys.size());
        found = new LiveCalls();
        if (claimed.planned()) {
            timers.startSingleTimer(new Look(), SECOND_LOOK);
        }
        return Behaviors.same();
    }

    /** What began elsewhere between the first look and the end of the hand-over; it forwards when it wakes. */
    private Behavior<Command> secondLook(LiveCalls calls) {
        calls.tunnels().forEach(this::expect);
        calls.calls().forEach(world.sessions()::expect);
        wake(calls, calls.calls().keySet());
        return Behaviors.same();
    }

    private void wake(LiveCalls calls, Iterable<SessionKey> keys) {
        List<SessionKey> sessions = new ArrayList<>();
        keys.forEach(sessions::add);
        if (!calls.tunnels().isEmpty()
                || !sessions.isEmpty()
                || !calls.orphans().isEmpty()) {
            world.recovery()
                    .tell(new CallRecovery.Command.Arrived(
                            List.copyOf(calls.tunnels().keySet()), sessions, calls.orphans(), () -> {}));
        }
    }

    private Behavior<Command> release() {
        world.ready().remove(shard);
        world.board().tell(new Board.Local.Release(shard, context.getSelf(), epoch));
        return Behaviors.same();
    }
}
