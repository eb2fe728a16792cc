package io.warren.control.tunnel;

import akka.actor.typed.Behavior;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import io.warren.control.Alarm;
import io.warren.control.Moment;
import io.warren.control.Tally;
import io.warren.control.port.SessionKey;
import io.warren.control.session.SessionInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sharded, event-sourced shell around {@link TunnelDecider}: persists its events, then runs its effects, and owns
 * its one timer. Decides nothing itself.
 */
public final class TunnelEntity extends EventSourcedBehavior<TunnelCommand, TunnelEvent, TunnelState> {
    public static final EntityTypeKey<TunnelCommand> KEY = EntityTypeKey.create(TunnelCommand.class, "tunnel");

    private final int tunnelId;
    private final TunnelSettings settings;
    private final TunnelWorld world;
    private final ActorContext<TunnelCommand> context;
    private final Alarm<TunnelCommand> alarm;
    private final List<TunnelInput> waiting = new ArrayList<>();
    private TunnelState current;
    /** What the event handler shall answer while the events of a decision are being persisted; null in recovery. */
    private @Nullable TunnelState decided;

    private TunnelEntity(
            int tunnelId,
            TunnelSettings settings,
            TunnelWorld world,
            ActorContext<TunnelCommand> context,
            Alarm<TunnelCommand> alarm) {
        super(
                PersistenceId.of("tunnel", Integer.toString(tunnelId)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
        this.tunnelId = tunnelId;
        this.settings = settings;
        this.world = world;
        this.context = context;
        this.alarm = alarm;
        this.current = new TunnelState.Idle(tunnelId);
    }

    public static Behavior<TunnelCommand> create(int tunnelId, TunnelSettings settings, TunnelWorld world) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new TunnelEntity(tunnelId, settings, world, context, new Alarm<>(timers, new TunnelCommand.Wake()))));
    }

    @Override
    public TunnelState emptyState() {
        return new TunnelState.Idle(tunnelId);
    }

    @Override
    public CommandHandler<TunnelCommand, TunnelEvent, TunnelState> commandHandler() {
        return (_, command) -> switch (command) {
            case TunnelCommand.Decide(TunnelInput input) -> enqueue(input);
            case TunnelCommand.Flush() -> flush();
            case TunnelCommand.Wake() -> wake();
            case TunnelCommand.HandOff() -> handOff();
        };
    }

    @Override
    public EventHandler<TunnelState, TunnelEvent> eventHandler() {
        return (state, event) -> {
            TunnelState live = decided;
            return live != null ? live : TunnelDecider.evolve(state, event);
        };
    }

    @Override
    public SignalHandler<TunnelState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::recovered)
                .onSignal(PreRestart.instance(), _ -> forget())
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(1_000, 1).withDeleteEventsOnSnapshot();
    }

    @Override
    public SnapshotAdapter<TunnelState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(TunnelState state) {
                return TunnelSnapshot.of(state);
            }

            @Override
            public TunnelState fromJournal(Object from) {
                return ((TunnelSnapshot) from).restore();
            }
        };
    }

    private void recovered(TunnelState state) {
        current = state;
        world.tunnels().seat(tunnelId, context.getSelf(), state);
        if (!(state instanceof TunnelState.Idle)) {
            // First of all, before the packets that arrived meanwhile.
            waiting.addFirst(new TunnelInput.Resume());
            context.getSelf().tell(new TunnelCommand.Flush());
        }
    }

    /** Before a restart, after the journal failed: what was not written has not happened. */
    private void forget() {
        world.tally().count(Tally.JOURNAL_FAILED, "tunnel " + tunnelId);
        decided = null;
        waiting.clear();
        alarm.rang();
    }

    private Effect<TunnelEvent, TunnelState> wake() {
        alarm.rang();
        if (current instanceof TunnelState.Idle && waiting.isEmpty()) {
            // Whoever woke it has read a journal that was not up to date: there is no tunnel.
            return enqueue(new TunnelInput.Resume());
        }
        long now = world.clock().now().nanos();
        if (now < TunnelDecider.deadline(current)) {
            alarm.set(TunnelDecider.deadline(current), now);
            return Effect().none();
        }
        return enqueue(new TunnelInput.Tick());
    }

    private Effect<TunnelEvent, TunnelState> handOff() {
        world.tunnels().leave(tunnelId, context.getSelf());
        return Effect().stop();
    }

    /**
     * Inputs that wait while events are being written are decided together, and their events written together: a
     * tunnel with thousands of calls is not bound to one input per write.
     */
    private Effect<TunnelEvent, TunnelState> enqueue(TunnelInput input) {
        waiting.add(input);
        if (waiting.size() == 1) {
            context.getSelf().tell(new TunnelCommand.Flush());
        }
        return Effect().none();
    }

    private Effect<TunnelEvent, TunnelState> flush() {
        Moment moment = world.clock().now();
        TunnelState state = current;
        List<TunnelEvent> events = new ArrayList<>();
        List<TunnelEffect> effects = new ArrayList<>();
        for (TunnelInput input : waiting) {
            TunnelDecision decision = TunnelDecider.decide(state, input, settings, moment);
            state = decision.state();
            events.addAll(decision.events());
            effects.addAll(decision.effects());
        }
        waiting.clear();
        TunnelDecision all = new TunnelDecision(state, events, effects);
        if (events.isEmpty()) {
            carryOut(all, moment);
            return Effect().none();
        }
        decided = state;
        return Effect().persist(events).thenRun(_ -> {
            decided = null;
            carryOut(all, moment);
        });
    }

    private void carryOut(TunnelDecision decision, Moment moment) {
        current = decision.state();
        world.tunnels().update(tunnelId, current);
        for (TunnelEvent event : decision.events()) {
            world.log().happened(current, event);
        }
        run(decision.effects());
        alarm.set(TunnelDecider.deadline(current), moment.nanos());
    }

    private void run(List<TunnelEffect> effects) {
        for (TunnelEffect effect : effects) {
            switch (effect) {
                case TunnelEffect.Transmit(var path, var datagram) ->
                    world.transport().send(path, datagram.toByteArray());
                case TunnelEffect.StartCall(var call) ->
                    world.sessions().tell(call.key(), new SessionInput.Offered(call));
                case TunnelEffect.Deliver(int sessionId, int ns, var message) ->
                    world.sessions().tell(new SessionKey(tunnelId, sessionId), new SessionInput.Control(ns, message));
                case TunnelEffect.EndCall(int sessionId, String reason) ->
                    world.sessions().tell(new SessionKey(tunnelId, sessionId), new SessionInput.TunnelDown(reason));
                case TunnelEffect.Dropped(String reason) -> world.tally().count(reason, "tunnel " + tunnelId);
                case TunnelEffect.Stop() -> stop();
            }
        }
    }

    private void stop() {
        world.tunnels().leave(tunnelId, context.getSelf());
        world.passivate().accept(context.getSelf());
    }
}
