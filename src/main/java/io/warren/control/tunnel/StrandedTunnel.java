package io.warren.control.tunnel;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.warren.control.Alarm;
import io.warren.control.Moment;

/**
 * Sits in for a {@link TunnelEntity} whose write failed and that cannot read its journal yet. Goes on from the state
 * before that write with all that needs no journal: acknowledgements, HELLOs, refusals of new calls. Writes nothing, and
 * gives its seat back, with what it put off, when the entity has recovered; what it said meanwhile is to the entity like
 * what was said before a crash.
 */
final class StrandedTunnel extends AbstractBehavior<TunnelCommand> {
    private final int tunnelId;
    private final TunnelSettings settings;
    private final TunnelWorld world;
    private final ActorRef<TunnelCommand> entity;
    private final Alarm<TunnelCommand> alarm;
    private final TunnelEffects effects;
    private TunnelState current;

    private StrandedTunnel(
            ActorContext<TunnelCommand> context,
            Alarm<TunnelCommand> alarm,
            int tunnelId,
            TunnelState state,
            TunnelSettings settings,
            TunnelWorld world,
            ActorRef<TunnelCommand> entity) {
        super(context);
        this.alarm = alarm;
        this.tunnelId = tunnelId;
        this.current = state;
        this.settings = settings;
        this.world = world;
        this.entity = entity;
        // A tunnel that is alive stops only by an event.
        this.effects = new TunnelEffects(tunnelId, world, () -> {});
    }

    static Behavior<TunnelCommand> create(
            int tunnelId,
            TunnelState state,
            TunnelSettings settings,
            TunnelWorld world,
            ActorRef<TunnelCommand> entity) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            StrandedTunnel tunnel = new StrandedTunnel(
                    context, new Alarm<>(timers, new TunnelCommand.Wake()), tunnelId, state, settings, world, entity);
            tunnel.decide(new TunnelInput.Tick());
            return tunnel;
        }));
    }

    @Override
    public Receive<TunnelCommand> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<TunnelCommand> on(TunnelCommand command) {
        switch (command) {
            case TunnelCommand.Decide(TunnelInput input) -> decide(input);
            case TunnelCommand.Ask(TunnelInput input, ActorRef<TunnelAnswer> replyTo) -> {
                replyTo.tell(TunnelAnswer.of(current));
                if (input != null) {
                    decide(input);
                }
            }
            case TunnelCommand.Flush() -> {}
            case TunnelCommand.Wake() -> wake();
            case TunnelCommand.HandOff() -> {
                effects.takeLater().forEach(input -> entity.tell(new TunnelCommand.Decide(input)));
                return Behaviors.stopped();
            }
        }
        return this;
    }

    private void wake() {
        alarm.rang();
        long now = world.clock().now().nanos();
        if (now < TunnelDecider.deadline(current)) {
            alarm.set(effects.nextLook(current, now, false), now);
        } else {
            decide(new TunnelInput.Tick());
        }
    }

    private void decide(TunnelInput input) {
        Moment moment = world.clock().now();
        // As soon as the journal is back nothing is refused any more: the peer repeats it until the entity is back,
        // too.
        TunnelDecision decision = TunnelDecider.decide(
                current, input, settings, moment, world.journal().writable());
        if (decision.events().isEmpty()) {
            current = decision.state();
            world.tunnels().update(tunnelId, current);
            effects.run(decision.effects());
        } else {
            effects.putOffUnlessRepeated(input);
        }
        alarm.set(effects.nextLook(current, moment.nanos(), false), moment.nanos());
    }
}
