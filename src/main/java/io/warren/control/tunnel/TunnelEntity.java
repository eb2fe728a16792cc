package io.warren.control.tunnel;

import akka.actor.typed.ActorRef;
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
import io.warren.control.ingress.TunnelDirectory;
import io.warren.wire.l2tp.ControlMessage.Sccrq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
    private final TunnelEffects effects;
    /** What is being persisted; to be decided again if that fails. */
    private List<TunnelInput> unsettled = List.of();

    private TunnelState current;
    /** What the event handler shall answer while the events of a decision are being persisted; null in recovery. */
    private @Nullable TunnelState decided;
    /** Answers the peer while the journal cannot be read; null while this entity itself does. */
    private @Nullable ActorRef<TunnelCommand> stranded;

    private TunnelEntity(
            int tunnelId,
            TunnelSettings settings,
            TunnelWorld world,
            ActorContext<TunnelCommand> context,
            Alarm<TunnelCommand> alarm) {
        super(
                PersistenceId.of("tunnel", Integer.toString(tunnelId)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(2), 0.2)
                        .withStopChildren(false)
                        // Whoever writes says once what is wrong; thousands of entities need not.
                        .withLoggingEnabled(false));
        this.tunnelId = tunnelId;
        this.settings = settings;
        this.world = world;
        this.context = context;
        this.alarm = alarm;
        this.current = new TunnelState.Idle(tunnelId);
        this.effects = new TunnelEffects(tunnelId, world, this::stop);
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
            case TunnelCommand.Ask(TunnelInput input, ActorRef<TunnelAnswer> replyTo) -> ask(input, replyTo);
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
        ActorRef<TunnelCommand> substitute = stranded;
        if (substitute != null) {
            stranded = null;
            substitute.tell(new TunnelCommand.HandOff());
        }
        if (effects.hasLater()) {
            context.getSelf().tell(new TunnelCommand.Wake());
        }
        if (!(state instanceof TunnelState.Idle)) {
            // First of all, before the packets that arrived meanwhile.
            waiting.addFirst(resumption(state));
            context.getSelf().tell(new TunnelCommand.Flush());
        }
    }

    private TunnelInput.Resume resumption(TunnelState state) {
        ControlConnection known = state.connection();
        OptionalInt handled = known == null
                ? OptionalInt.empty()
                : world.tunnels().positions().find(tunnelId, known.since());
        return new TunnelInput.Resume(handled.isPresent() ? handled.getAsInt() : null);
    }

    /**
     * Before a restart, after the journal failed: what was not written has not happened. Until the journal can be read,
     * a substitute goes on from what was known before: the peer would give up a tunnel that says nothing, with all its
     * calls.
     */
    private void forget() {
        world.tally().count(Tally.JOURNAL_FAILED, "tunnel " + tunnelId);
        decided = null;
        alarm.rang();
        unsettled.forEach(effects::putOffUnlessRepeated);
        waiting.forEach(effects::putOffUnlessRepeated);
        unsettled = List.of();
        waiting.clear();
        if (stranded == null && current.isLive()) {
            ActorRef<TunnelCommand> substitute = context.spawnAnonymous(
                    StrandedTunnel.create(tunnelId, current, settings, world, context.getSelf()));
            stranded = substitute;
            world.tunnels().seat(tunnelId, substitute, current);
        }
    }

    private Effect<TunnelEvent, TunnelState> ask(@Nullable TunnelInput input, ActorRef<TunnelAnswer> replyTo) {
        replyTo.tell(TunnelAnswer.of(current));
        if (current instanceof TunnelState.Idle) {
            TunnelDirectory.Seat seat = world.tunnels().find(tunnelId);
            if (waiting.isEmpty() && (seat == null || seat.request() == null)) {
                // the question woke an actor for a tunnel that is not there
                stop();
            }
            return Effect().none();
        }
        return input == null ? Effect().none() : enqueue(input);
    }

    private Effect<TunnelEvent, TunnelState> wake() {
        alarm.rang();
        if (current instanceof TunnelState.Idle && waiting.isEmpty()) {
            // Whoever woke it has read a journal that was not up to date: there is no tunnel.
            return enqueue(new TunnelInput.Resume(null));
        }
        long now = world.clock().now().nanos();
        boolean canGoOn = effects.hasLater() && world.journal().writable();
        if (now < TunnelDecider.deadline(current) && !canGoOn) {
            alarm.set(effects.nextLook(current, now, world.journal().writable()), now);
            return Effect().none();
        }
        return enqueue(new TunnelInput.Tick());
    }

    /** Who goes on with the tunnel is spared finding out about its numbers: answers to the peer would wait for that. */
    private Effect<TunnelEvent, TunnelState> handOff() {
        world.tunnels().handOver(tunnelId, context.getSelf());
        TunnelEvent numbers = TunnelDecider.numbersToNote(current, world.clock().now());
        return numbers == null || !world.journal().writable()
                ? Effect().stop()
                : Effect().persist(numbers).thenStop();
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
        boolean writable = world.journal().writable();
        if (writable) {
            // After a restart nothing is said before our number is looked for.
            boolean resuming = !waiting.isEmpty() && waiting.getFirst() instanceof TunnelInput.Resume;
            waiting.addAll(resuming ? 1 : 0, effects.takeLater());
        }
        TunnelState state = current;
        TunnelSettings rules = world.strain().isStrained() ? settings.refusingCalls() : settings;
        List<TunnelEvent> events = new ArrayList<>();
        List<TunnelEffect> toDo = new ArrayList<>();
        waiting.replaceAll(input -> prepared(input, moment));
        for (TunnelInput input : waiting) {
            TunnelDecision decision = TunnelDecider.decide(state, input, rules, moment, writable);
            state = decision.state();
            events.addAll(decision.events());
            toDo.addAll(decision.effects());
        }
        List<TunnelInput> inputs = List.copyOf(waiting);
        waiting.clear();
        TunnelDecision all = new TunnelDecision(state, events, toDo);
        if (events.isEmpty()) {
            carryOut(all, moment);
            return Effect().none();
        }
        decided = state;
        unsettled = inputs;
        return Effect().persist(events).thenRun(_ -> {
            decided = null;
            unsettled = List.of();
            carryOut(all, moment);
        });
    }

    /** Who wants to recover this tunnel needs an id for that, and which are free is known here alone. */
    private TunnelInput prepared(TunnelInput input, Moment moment) {
        return input instanceof TunnelInput.Received(var path, var packet)
                        && packet.tunnelId() == 0
                        && packet.body() instanceof Sccrq sccrq
                        && sccrq.tunnelRecovery() != null
                ? new TunnelInput.Recover(path, packet, world.tunnels().takeForRecovery(tunnelId, moment.random()))
                : input;
    }

    private void carryOut(TunnelDecision decision, Moment moment) {
        current = decision.state();
        world.tunnels().update(tunnelId, current);
        for (TunnelEvent event : decision.events()) {
            world.log().happened(current, event);
        }
        effects.run(decision.effects());
        alarm.set(effects.nextLook(current, moment.nanos(), world.journal().writable()), moment.nanos());
    }

    private void stop() {
        world.tunnels().leave(tunnelId, context.getSelf());
        world.passivate().accept(context.getSelf());
    }
}
