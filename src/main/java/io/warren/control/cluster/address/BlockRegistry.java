package io.warren.control.cluster.address;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Which shard has which block, of all pools: one entity for all, so that a range that moves from a pool to another
 * cannot be leased by both. The event-sourced shell around {@link BlockRegistryDecider}: it answers when the event is
 * in the journal.
 */
public final class BlockRegistry extends EventSourcedBehavior<BlockCommand, BlockEvent, BlockRegistryState> {
    public static final EntityTypeKey<BlockCommand> KEY = EntityTypeKey.create(BlockCommand.class, "pool");

    /** The only entity of its type. */
    public static final String ENTITY = "all";

    private final PoolPlan plan;
    private final InstantSource clock;

    private BlockRegistry(PoolPlan plan, InstantSource clock) {
        super(
                PersistenceId.of("pool", ENTITY),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
        this.plan = plan;
        this.clock = clock;
    }

    public static Behavior<BlockCommand> create(PoolPlan plan, InstantSource clock) {
        return Behaviors.setup(_ -> new BlockRegistry(plan, clock));
    }

    @Override
    public BlockRegistryState emptyState() {
        return BlockRegistryState.EMPTY;
    }

    @Override
    public CommandHandler<BlockCommand, BlockEvent, BlockRegistryState> commandHandler() {
        return (state, command) -> switch (command) {
            case BlockCommand.Ask ask -> answer(state, ask);
            case BlockCommand.HandOff() -> Effect().stop();
        };
    }

    private Effect<BlockEvent, BlockRegistryState> answer(BlockRegistryState state, BlockCommand.Ask ask) {
        Instant now = clock.instant();
        BlockEvent event = BlockRegistryDecider.decide(state, plan, ask.question(), now);
        return (event == null ? Effect().none() : Effect().persist(event))
                .thenRun(after -> ask.replyTo().tell(BlockRegistryDecider.answer(after, plan, ask.question())));
    }

    @Override
    public EventHandler<BlockRegistryState, BlockEvent> eventHandler() {
        return BlockRegistryDecider::evolve;
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(1_000, 1).withDeleteEventsOnSnapshot();
    }

    @Override
    public SnapshotAdapter<BlockRegistryState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(BlockRegistryState state) {
                return BlockSnapshot.of(state);
            }

            @Override
            public BlockRegistryState fromJournal(Object from) {
                return ((BlockSnapshot) from).restore();
            }
        };
    }
}
