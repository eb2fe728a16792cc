package io.warren.control.cluster.address;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lends single addresses of one shard to calls of other shards: those of the shard's blocks, and those outside of all
 * pools of which the shard is the home. It answers when the loan is in the journal, and lends only where the shard's
 * owner is: on another node the {@link LendingDesk} has nothing.
 */
public final class AddressLender extends EventSourcedBehavior<LenderCommand, LoanEvent, Loans> {
    /** The entity's id is the number of its shard. */
    public static final EntityTypeKey<LenderCommand> KEY = EntityTypeKey.create(LenderCommand.class, "lender");

    private final int shard;
    private final LendingDesk desk;
    private final InstantSource clock;
    private final LongSupplier tickets;

    private AddressLender(int shard, LendingDesk desk, InstantSource clock, LongSupplier tickets) {
        super(
                PersistenceId.of("lender", Integer.toString(shard)),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
        this.shard = shard;
        this.desk = desk;
        this.clock = clock;
        this.tickets = tickets;
    }

    /** @param tickets never gives a number twice, in no life of the lender: random ones of 64 bits */
    static Behavior<LenderCommand> create(int shard, LendingDesk desk, InstantSource clock, LongSupplier tickets) {
        return Behaviors.setup(_ -> new AddressLender(shard, desk, clock, tickets));
    }

    @Override
    public Loans emptyState() {
        return Loans.EMPTY;
    }

    @Override
    public CommandHandler<LenderCommand, LoanEvent, Loans> commandHandler() {
        return (loans, command) -> switch (command) {
            case LenderCommand.Lend lend -> lend(loans, lend);
            case LenderCommand.Return back -> takeBack(loans, back);
            case LenderCommand.Show(var replyTo) -> {
                replyTo.tell(new LenderCommand.Shown(List.copyOf(loans.all())));
                yield Effect().none();
            }
            case LenderCommand.InUse(var asked, var replyTo) -> {
                desk.notInUse(shard, asked).ifPresent(idle -> replyTo.tell(new LenderCommand.NotInUse(idle)));
                yield Effect().none();
            }
            case LenderCommand.HandOff() -> Effect().stop();
        };
    }

    @Override
    public EventHandler<Loans, LoanEvent> eventHandler() {
        return Loans::evolve;
    }

    @Override
    public SignalHandler<Loans> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), loans -> desk.restarted(shard, loans.all()))
                .build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(1_000, 1).withDeleteEventsOnSnapshot();
    }

    @Override
    public SnapshotAdapter<Loans> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(Loans loans) {
                return loans.toSnapshot();
            }

            @Override
            public Loans fromJournal(Object from) {
                return Loans.of((LoanSnapshot) from);
            }
        };
    }

    private Effect<LoanEvent, Loans> lend(Loans loans, LenderCommand.Lend lend) {
        if (!desk.isReady(shard)) {
            lend.replyTo().tell(new LenderCommand.Lent(LenderCommand.Lent.Outcome.NOT_YET, 0, 0));
            return Effect().none();
        }
        LenderDecider.Lending lending = LenderDecider.lend(
                loans, lend.ranges(), lend.key(), tickets.getAsLong(), () -> desk.reserve(shard, lend.ranges()));
        Loan loan = lending.written();
        if (loan == null) {
            lend.replyTo().tell(lending.answer());
            return Effect().none();
        }
        return Effect()
                .persist(new LoanEvent.AddressLent(clock.instant(), loan.address(), loan.key(), loan.ticket()))
                .thenRun(_ -> {
                    desk.lent(shard, loan);
                    lend.replyTo().tell(lending.answer());
                });
    }

    /** What is not taken back now is found by {@link LenderCommand.InUse} later. */
    private Effect<LoanEvent, Loans> takeBack(Loans loans, LenderCommand.Return back) {
        Loan loan = loans.withTicket(back.key(), back.ticket());
        if (loan == null || !desk.isReady(shard)) {
            return Effect().none();
        }
        return Effect()
                .persist(new LoanEvent.AddressReturned(clock.instant(), loan.address()))
                .thenRun(_ -> desk.returned(shard, loan));
    }
}
