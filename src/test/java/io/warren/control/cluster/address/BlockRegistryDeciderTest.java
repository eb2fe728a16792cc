package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockRegistryDeciderTest {
    private static final int GATEWAY = Ipv4.parse("10.0.0.1").bits();
    private static final PoolPlan PLAN = plan(64, "10.0.0.0/25", "10.2.0.0/30");

    private BlockRegistryState state = BlockRegistryState.EMPTY;

    @Test
    void givesTheFirstFreeBlockAndShortOnesOfShortRanges() {
        assertThat(lease(PLAN, 7).leases()).extracting(BlockLease::block).containsExactly(Cidr.parse("10.0.0.0/26"));
        assertThat(lease(PLAN, 8).leases()).extracting(BlockLease::block).containsExactly(Cidr.parse("10.0.0.64/26"));
        assertThat(lease(PLAN, 9).leases()).extracting(BlockLease::block).containsExactly(Cidr.parse("10.2.0.0/30"));
        BlockAnswer none = lease(PLAN, 10);
        assertThat(none.leases()).isEmpty();
        assertThat(none.holders()).containsExactly(7, 8, 9);
    }

    @Test
    void aQuestionWhoseAnswerWasLostGetsTheSameBlockAgain() {
        BlockQuestion question = new BlockQuestion.Lease(7, 0, "default", null, false);
        assertThat(ask(PLAN, question)).isEqualTo(ask(PLAN, question));
        assertThat(state.leases()).hasSize(1);
    }

    @Test
    void theBlockOfAWishedAddressComesFirst() {
        int wished = Ipv4.parse("10.0.0.70").bits();
        BlockQuestion wish = new BlockQuestion.Lease(7, 0, "default", wished, true);
        assertThat(ask(PLAN, wish).leases()).extracting(BlockLease::block).containsExactly(Cidr.parse("10.0.0.64/26"));
        assertThat(ask(PLAN, new BlockQuestion.Lease(8, 0, "default", wished, true))
                        .leases())
                .as("another one is of no use")
                .isEmpty();
        assertThat(ask(PLAN, new BlockQuestion.Lease(8, 0, "default", wished, false))
                        .leases())
                .extracting(BlockLease::block)
                .containsExactly(Cidr.parse("10.0.0.0/26"));
    }

    @Test
    void onlyTheHolderReturnsABlockAndOnlyUnderItsNumber() {
        long number = lease(PLAN, 7).leases().get(0).number();
        ask(PLAN, new BlockQuestion.Return(8, number));
        ask(PLAN, new BlockQuestion.Return(7, number + 1));
        assertThat(state.leases()).hasSize(1);
        assertThat(ask(PLAN, new BlockQuestion.Return(7, number)).leases()).isEmpty();
        assertThat(state.leases()).isEmpty();
        assertThat(lease(PLAN, 8).leases()).hasSize(1);
        ask(PLAN, new BlockQuestion.Return(7, number));
        assertThat(state.leases()).as("a late copy returns nothing").hasSize(1);
    }

    @Test
    void whatTheLastOwnerOfAShardSaysIsVoid() {
        long number = lease(PLAN, 7).leases().get(0).number();
        BlockAnswer claimed = ask(PLAN, new BlockQuestion.Claim(7));
        assertThat(claimed.leases()).hasSize(1);
        assertThat(claimed.leases().get(0).number()).isGreaterThan(number);
        ask(PLAN, new BlockQuestion.Return(7, number));
        assertThat(state.of(7)).isEqualTo(claimed.leases());
    }

    @Test
    void aShardWithoutBlocksIsClaimedWithoutTheJournal() {
        assertThat(BlockRegistryDecider.decide(state, PLAN, new BlockQuestion.Claim(7), Instant.EPOCH))
                .isNull();
    }

    @Test
    void blocksOfARemovedRangeAreNotLeasedAgainAndNothingAroundThemIsWhileTheyAreHeld() {
        BlockLease old = lease(PLAN, 7).leases().get(0);
        PoolPlan other = plan(128, "10.0.0.0/25", "10.3.0.0/30");
        assertThat(lease(other, 8).leases())
                .as("cut anew, but a part is in use")
                .extracting(BlockLease::block)
                .containsExactly(Cidr.parse("10.3.0.0/30"));
        ask(other, new BlockQuestion.Return(7, old.number()));
        assertThat(lease(other, 9).leases()).extracting(BlockLease::block).containsExactly(Cidr.parse("10.0.0.0/25"));
        assertThat(lease(other, 10).leases()).as("10.2.0.0/30 is no pool now").isEmpty();
    }

    @Test
    void aRangeThatMovesToAnotherPoolIsNotLeasedTwice() {
        lease(PLAN, 7);
        PoolPlan moved = new PoolPlan(Map.of("other", List.of(Cidr.parse("10.0.0.0/26"))), 64, GATEWAY);
        assertThat(ask(moved, new BlockQuestion.Lease(8, 0, "other", null, false))
                        .leases())
                .isEmpty();
    }

    @Test
    void findsWhoHasAddressesOfARange() {
        lease(PLAN, 7);
        lease(PLAN, 8);
        assertThat(ask(PLAN, new BlockQuestion.Find(Cidr.parse("10.0.0.65/32"))).leases())
                .extracting(BlockLease::shard)
                .containsExactly(8);
        assertThat(ask(PLAN, new BlockQuestion.Find(Cidr.parse("10.0.0.0/24"))).leases())
                .extracting(BlockLease::shard)
                .containsExactly(7, 8);
        assertThat(ask(PLAN, new BlockQuestion.Find(Cidr.parse("192.0.2.0/24"))).leases())
                .isEmpty();
    }

    @Test
    void aSnapshotIsTheWholeState() {
        lease(PLAN, 200);
        lease(PLAN, 7);
        ask(PLAN, new BlockQuestion.Claim(200));
        assertThat(BlockSnapshot.of(state).restore()).isEqualTo(state);
    }

    private BlockAnswer lease(PoolPlan plan, int shard) {
        long having =
                state.of(shard).stream().mapToLong(BlockLease::number).max().orElse(0);
        return ask(plan, new BlockQuestion.Lease(shard, having, "default", null, false));
    }

    private BlockAnswer ask(PoolPlan plan, BlockQuestion question) {
        BlockEvent event = BlockRegistryDecider.decide(state, plan, question, Instant.EPOCH);
        if (event != null) {
            state = BlockRegistryDecider.evolve(state, event);
        }
        return BlockRegistryDecider.answer(state, plan, question);
    }

    private static PoolPlan plan(int blockSize, String... ranges) {
        return new PoolPlan(
                Map.of("default", Arrays.stream(ranges).map(Cidr::parse).toList()), blockSize, GATEWAY);
    }
}
