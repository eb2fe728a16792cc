package io.warren.control.ingress;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.cluster.sharding.ShardCoordinator;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionCommand;
import io.warren.control.session.SessionEntity;
import io.warren.control.session.SessionInput;
import io.warren.control.session.SessionWorld;
import io.warren.control.tunnel.TunnelCommand;
import io.warren.control.tunnel.TunnelEntity;
import io.warren.control.tunnel.TunnelInput;
import io.warren.control.tunnel.TunnelWorld;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reaches tunnels and sessions through their shard region, which starts them where their shard lives; packets take the
 * short way to an entity that runs on this node.
 */
public final class EntityRouter implements SessionWorld.Tunnels, TunnelWorld.Sessions {
    private final TunnelDirectory tunnels;
    private final SessionDirectory sessions;
    private final ActorRef<ShardingEnvelope<TunnelCommand>> tunnelRegion;
    private final ActorRef<ShardingEnvelope<SessionCommand>> sessionRegion;

    /**
     * Starts both shard regions.
     *
     * @param tunnelPlaces where tunnels are
     * @param sessionPlaces where sessions are: at the same places
     */
    public EntityRouter(
            ActorSystem<?> system,
            ShardCoordinator.ShardAllocationStrategy tunnelPlaces,
            ShardCoordinator.ShardAllocationStrategy sessionPlaces,
            TunnelDirectory tunnels,
            SessionDirectory sessions,
            EntityFactory<TunnelCommand> tunnelBehavior,
            EntityFactory<SessionCommand> sessionBehavior) {
        this.tunnels = tunnels;
        this.sessions = sessions;
        this.tunnelRegion = region(system, tunnelPlaces, TunnelEntity.KEY, tunnelBehavior, new TunnelCommand.HandOff());
        this.sessionRegion =
                region(system, sessionPlaces, SessionEntity.KEY, sessionBehavior, new SessionCommand.HandOff());
    }

    /** Makes the behaviour of an entity. */
    @FunctionalInterface
    public interface EntityFactory<C> {
        Behavior<C> create(String entityId, EntityRouter router, Passivation<C> passivation);
    }

    /** Lets an entity ask its shard to stop it, so that no message is lost in between. */
    @FunctionalInterface
    public interface Passivation<C> extends Consumer<ActorRef<C>> {}

    private <C> ActorRef<ShardingEnvelope<C>> region(
            ActorSystem<?> system,
            ShardCoordinator.ShardAllocationStrategy allocation,
            EntityTypeKey<C> type,
            EntityFactory<C> factory,
            C stopMessage) {
        return ClusterSharding.get(system)
                .init(Entity.of(
                                type,
                                context -> factory.create(
                                        context.getEntityId(),
                                        this,
                                        actor -> context.getShard().tell(new ClusterSharding.Passivate<>(actor))))
                        .withMessageExtractor(new ShardOfTunnelId<>())
                        .withAllocationStrategy(allocation)
                        .withStopMessage(stopMessage)
                        .withSettings(ClusterShardingSettings.create(system)));
    }

    @Override
    public void tell(int tunnelId, TunnelInput input) {
        send(tunnelId, new TunnelCommand.Decide(input));
    }

    @Override
    public void tell(SessionKey key, SessionInput input) {
        SessionDirectory.Seat seat = sessions.find(key);
        if (input instanceof SessionInput.Offered && seat != null && seat.actor() == null) {
            return; // A call from the journal: it wakes in its turn, see CallRecovery.
        }
        SessionCommand command = new SessionCommand.Decide(input);
        if (input instanceof SessionInput.Frame) {
            send(key, seat, command);
        } else {
            // What a tunnel says must arrive in order: a way around the region could overtake what starts the entity.
            sessionRegion.tell(new ShardingEnvelope<>(key.toString(), command));
        }
    }

    /** Starts an entity from its journal, if it does not run yet. */
    public void wake(int tunnelId) {
        send(tunnelId, new TunnelCommand.Wake());
    }

    /** Starts an entity from its journal, if it does not run yet. */
    public void wake(SessionKey key) {
        send(key, sessions.find(key), new SessionCommand.Wake());
    }

    private void send(int tunnelId, TunnelCommand command) {
        TunnelDirectory.Seat seat = tunnels.find(tunnelId);
        ActorRef<TunnelCommand> actor = seat == null ? null : seat.actor();
        if (actor != null) {
            actor.tell(command);
        } else {
            tunnelRegion.tell(new ShardingEnvelope<>(Integer.toString(tunnelId), command));
        }
    }

    private void send(SessionKey key, SessionDirectory.@Nullable Seat seat, SessionCommand command) {
        ActorRef<SessionCommand> actor = seat == null ? null : seat.actor();
        if (actor != null) {
            actor.tell(command);
        } else {
            sessionRegion.tell(new ShardingEnvelope<>(key.toString(), command));
        }
    }
}
