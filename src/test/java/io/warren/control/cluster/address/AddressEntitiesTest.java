package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import com.typesafe.config.ConfigFactory;
import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.control.port.SessionKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Registry and lender as entities, on a journal in memory, with the serializers of the real one. */
class AddressEntitiesTest {
    private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config()
            .withFallback(ConfigFactory.parseResources("journal.conf")
                    .withoutPath("akka.persistence")
                    .withoutPath("jdbc-journal")
                    .withoutPath("jdbc-snapshot-store"))
            .withFallback(PersistenceTestKitPlugin.getInstance().config())
            .withFallback(ConfigFactory.load()));

    private static final Cidr POOL = Cidr.parse("10.0.0.0/24");
    private static final PoolPlan PLAN = new PoolPlan(
            Map.of("default", List.of(POOL)), 64, Ipv4.parse("10.0.0.1").bits());
    private static final SessionKey CALL = new SessionKey(0x0701, 1);
    private static final EventSourcedBehaviorTestKit.SerializationSettings EVENTS_AND_STATE =
            EventSourcedBehaviorTestKit.enabledSerializationSettings()
                    .withVerifyCommands(false)
                    .withVerifyState(false);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void theRegistryKnowsItsLeasesAfterARestart() {
        EventSourcedBehaviorTestKit<BlockCommand, BlockEvent, BlockRegistryState> registry =
                EventSourcedBehaviorTestKit.create(
                        KIT.system(), BlockRegistry.create(PLAN, InstantSource.system()), EVENTS_AND_STATE);
        registry.clear();
        var leased = registry.<BlockAnswer>runCommand(
                replyTo -> new BlockCommand.Ask(new BlockQuestion.Lease(3, 0, "default", null, false), replyTo));
        assertThat(leased.event()).isInstanceOf(BlockEvent.BlockLeased.class);
        assertThat(leased.reply().leases()).hasSize(1);
        registry.restart();
        var shown =
                registry.<BlockAnswer>runCommand(replyTo -> new BlockCommand.Ask(new BlockQuestion.Show(3), replyTo));
        assertThat(shown.hasNoEvents()).isTrue();
        assertThat(shown.reply()).isEqualTo(leased.reply());
        var back = registry.<BlockAnswer>runCommand(replyTo -> new BlockCommand.Ask(
                new BlockQuestion.Return(3, leased.reply().leases().get(0).number()), replyTo));
        assertThat(back.event()).isInstanceOf(BlockEvent.BlockReturned.class);
        assertThat(back.reply().leases()).isEmpty();
    }

    @Test
    void aLenderLendsOnceAndTakesBackUnderTheSameTicketOnly() {
        Desk desk = new Desk();
        EventSourcedBehaviorTestKit<LenderCommand, LoanEvent, Loans> lender = EventSourcedBehaviorTestKit.create(
                KIT.system(),
                AddressLender.create(3, desk, InstantSource.system(), () -> ++desk.tickets),
                EVENTS_AND_STATE);
        lender.clear();
        var lent = lend(lender);
        assertThat(lent.event()).isInstanceOf(LoanEvent.AddressLent.class);
        assertThat(lent.reply()).isEqualTo(new LenderCommand.Lent(LenderCommand.Lent.Outcome.LENT, POOL.base() + 9, 1));
        assertThat(lend(lender).reply())
                .as("asked twice")
                .isEqualTo(new LenderCommand.Lent(LenderCommand.Lent.Outcome.LENT, POOL.base() + 9, 2));
        assertThat(desk.reserved).hasSize(1);
        assertThat(lender.runCommand(new LenderCommand.Return(CALL, 1)).hasNoEvents())
                .as("an old ticket")
                .isTrue();
        lender.restart();
        assertThat(desk.loans).containsExactly(new Loan(POOL.base() + 9, CALL, 2));
        assertThat(lender.runCommand(new LenderCommand.Return(CALL, 2)).event())
                .isInstanceOf(LoanEvent.AddressReturned.class);
        assertThat(desk.loans).isEmpty();
    }

    @Test
    void aLenderWhoseShardIsElsewhereLendsNothingTakesNothingAndKnowsNothing() {
        Desk desk = new Desk();
        EventSourcedBehaviorTestKit<LenderCommand, LoanEvent, Loans> lender = EventSourcedBehaviorTestKit.create(
                KIT.system(),
                AddressLender.create(3, desk, InstantSource.system(), () -> ++desk.tickets),
                EVENTS_AND_STATE);
        lender.clear();
        Loan loan = new Loan(lend(lender).reply().address(), CALL, 1);
        desk.here = false;
        assertThat(lend(lender).reply().outcome()).isEqualTo(LenderCommand.Lent.Outcome.NOT_YET);
        assertThat(lender.runCommand(new LenderCommand.Return(CALL, 1)).hasNoEvents())
                .isTrue();
        assertThat(lender.<LenderCommand.Shown>runCommand(LenderCommand.Show::new)
                        .reply()
                        .loans())
                .as("asked by the new owner")
                .containsExactly(loan);
        TestProbe<LenderCommand.NotInUse> probe = KIT.createTestProbe();
        lender.runCommand(new LenderCommand.InUse(List.of(loan), probe.ref()));
        probe.expectNoMessage();
    }

    private static EventSourcedBehaviorTestKit.CommandResultWithReply<
                    LenderCommand, LoanEvent, Loans, LenderCommand.Lent>
            lend(EventSourcedBehaviorTestKit<LenderCommand, LoanEvent, Loans> lender) {
        return lender.runCommand(replyTo -> new LenderCommand.Lend(List.of(POOL), CALL, replyTo));
    }

    private static final class Desk implements LendingDesk {
        private final List<Integer> reserved = new ArrayList<>();
        private final List<Loan> loans = new ArrayList<>();
        private boolean here = true;
        private long tickets;

        @Override
        public boolean isReady(int shard) {
            return here;
        }

        @Override
        public OptionalInt reserve(int shard, Collection<Cidr> ranges) {
            int address = POOL.base() + 9 + reserved.size();
            reserved.add(address);
            return OptionalInt.of(address);
        }

        @Override
        public void lent(int shard, Loan loan) {
            loans.removeIf(old -> old.address() == loan.address());
            loans.add(loan);
        }

        @Override
        public void returned(int shard, Loan loan) {
            loans.remove(loan);
        }

        @Override
        public void restarted(int shard, Collection<Loan> all) {
            loans.clear();
            loans.addAll(all);
        }

        @Override
        public Optional<List<Loan>> notInUse(int shard, List<Loan> asked) {
            return here ? Optional.of(asked) : Optional.empty();
        }
    }
}
