package io.warren.control.cluster.address;

import akka.Done;
import io.warren.config.Cidr;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the shards of a node need besides calls: to learn what is theirs after a move, more blocks, fewer blocks, and
 * to find loans that nobody uses. All of it under the lock of {@link ClusterAddresses}.
 */
final class Upkeep {
    /**
     * How often what is done.
     *
     * @param empty how long a block must be empty before it goes back
     * @param review how often the borrowers are asked whether they use what we have lent
     * @param firstReview the same, after a shard has moved: its last owner may have been about to take something back
     * @param show how often the registry is asked for blocks that we do not know of
     */
    record Pace(Duration empty, Duration review, Duration firstReview, Duration show) {
        static final Pace USUAL =
                new Pace(Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofMinutes(10));
    }

    /** How long a pool without free blocks is left alone. */
    private static final Duration EXHAUSTED = Duration.ofSeconds(1);

    /** Loans in one question. */
    private static final int LOANS = 500;

    /** A new block is asked for when less than one of so many addresses is free. */
    private static final int FREE_PART = 8;

    private static final CompletableFuture<Done> NOTHING = CompletableFuture.completedFuture(Done.getInstance());

    private final ClusterAddresses node;
    private final Pace pace;

    Upkeep(ClusterAddresses node, Pace pace) {
        this.node = node;
        this.pace = pace;
    }

    /** To be called about each second. */
    void attend(Shard shard, long now) {
        if (!shard.isReady()) {
            prepare(shard);
            return;
        }
        for (ShardAddresses.Borrowed loan : List.copyOf(shard.addresses.borrowed())) {
            if (loan.home() == ShardAddresses.Borrowed.UNKNOWN) {
                confirm(shard, loan.key(), loan.address());
            }
        }
        review(shard, now);
        if (shard.conversation.isDone()) {
            tidy(shard, now);
        }
        thinkAhead(shard);
    }

    // ---- after a move

    /** Asks for what the shard has; with both answers it is ready. */
    void prepare(Shard shard) {
        if (shard.preparing) {
            return;
        }
        shard.preparing = true;
        CompletableFuture<BlockAnswer> blocks =
                node.network().ask(new BlockQuestion.Claim(shard.number())).toCompletableFuture();
        CompletableFuture<LenderCommand.Shown> loans =
                node.network().loansOf(shard.number()).toCompletableFuture();
        CompletionStage<Void> both = CompletableFuture.allOf(blocks, loans);
        both.whenComplete((_, failure) -> node.locked(() -> {
            shard.preparing = false;
            if (failure == null && node.isCurrent(shard) && !shard.isReady()) {
                ready(shard, blocks.join(), loans.join());
            }
            return Done.getInstance();
        }));
    }

    private void ready(Shard shard, BlockAnswer blocks, LenderCommand.Shown loans) {
        long now = node.now();
        shard.addresses.adopt(blocks.leases(), now);
        shard.addresses.restoreLoans(loans.loans(), now);
        shard.restoring.forEach((key, addresses) -> addresses.forEach(address -> restore(shard, key, address)));
        shard.restoring.clear();
        shard.nextReview = now + pace.firstReview().toNanos();
        shard.nextShow = now + pace.show().toNanos();
        shard.ready.complete(Done.getInstance());
        node.announce(shard);
    }

    /** A call from the journal has this address: of our blocks, or lent. */
    void restore(Shard shard, SessionKey key, int address) {
        if (shard.addresses.holds(key, address)) {
            return;
        }
        if (shard.addresses.blockAround(address) == null) {
            shard.addresses.borrow(new ShardAddresses.Borrowed(address, key, ShardAddresses.Borrowed.UNKNOWN, 0));
            confirm(shard, key, address);
        } else if (!shard.addresses.restore(key, address)) {
            node.conflict(key, address);
        }
    }

    /** Has the loan written anew at its home: the ticket went with the last owner. */
    private void confirm(Shard shard, SessionKey key, int address) {
        if (!shard.confirming.add(address)) {
            return;
        }
        node.network()
                .ask(new BlockQuestion.Find(new Cidr(address, 32)))
                .handle((answer, _) -> Optional.ofNullable(answer))
                .thenCompose(answer -> node.locked(() -> {
                    if (answer.isEmpty() || !isUnconfirmed(shard, key, address)) {
                        return NOTHING;
                    }
                    List<BlockLease> leases = answer.get().leases();
                    int home = leases.isEmpty()
                            ? PoolPlan.home(address)
                            : leases.get(0).shard();
                    String pool = node.plan().pool(address);
                    if (leases.isEmpty() && pool != null) {
                        return ownBlock(shard, key, address, pool);
                    }
                    return !leases.isEmpty() && home == shard.number()
                            ? ownBlock(shard, key, address, null)
                            : askHome(shard, key, address, home);
                }))
                .whenComplete((_, _) -> node.locked(() -> shard.confirming.remove(address)));
    }

    /** It is in a block that is, or shall be, ours. */
    private CompletionStage<Done> ownBlock(Shard shard, SessionKey key, int address, @Nullable String pool) {
        CompletionStage<Done> asked = pool == null
                ? converse(shard, () -> new BlockQuestion.Show(shard.number()), _ -> {})
                : moreBlocks(shard, pool, address, () -> shard.addresses.blockAround(address) != null);
        return asked.thenApply(_ -> node.locked(() -> {
            if (isUnconfirmed(shard, key, address) && shard.addresses.blockAround(address) != null) {
                shard.addresses.release(key, address, node.now());
                if (!shard.addresses.restore(key, address)) {
                    node.conflict(key, address);
                }
                node.announce(shard);
            }
            return Done.getInstance();
        }));
    }

    private CompletionStage<Done> askHome(Shard shard, SessionKey key, int address, int home) {
        return node.network()
                .lend(home, List.of(new Cidr(address, 32)), key)
                .handle((lent, _) -> node.locked(() -> {
                    if (lent != null && isUnconfirmed(shard, key, address)) {
                        confirmed(
                                shard, new ShardAddresses.Borrowed(address, key, home, lent.ticket()), lent.outcome());
                    }
                    return Done.getInstance();
                }));
    }

    private void confirmed(Shard shard, ShardAddresses.Borrowed loan, LenderCommand.Lent.Outcome outcome) {
        switch (outcome) {
            case LENT -> shard.addresses.borrow(loan);
            case NONE_FREE -> node.conflict(loan.key(), loan.address());
            case NOT_YET -> {}
        }
    }

    private boolean isUnconfirmed(Shard shard, SessionKey key, int address) {
        ShardAddresses.Borrowed loan = shard.addresses.borrowed(address);
        return node.isCurrent(shard)
                && loan != null
                && loan.key().equals(key)
                && loan.home() == ShardAddresses.Borrowed.UNKNOWN;
    }

    // ---- loans that nobody uses

    private void review(Shard shard, long now) {
        boolean all = now - shard.nextReview >= 0;
        List<Loan> doubtful = all ? shard.addresses.loans() : List.copyOf(shard.suspects);
        if (all) {
            shard.nextReview = now + pace.review().toNanos();
        }
        shard.suspects.clear();
        Map<Integer, List<Loan>> byBorrower = new HashMap<>();
        for (Loan loan : doubtful) {
            byBorrower
                    .computeIfAbsent(Placement.shardOf(loan.key().tunnelId()), _ -> new ArrayList<>())
                    .add(loan);
        }
        byBorrower.forEach((borrower, loans) -> {
            for (int from = 0; from < loans.size(); from += LOANS) {
                review(shard, borrower, loans.subList(from, Math.min(loans.size(), from + LOANS)));
            }
        });
    }

    private void review(Shard shard, int borrower, List<Loan> loans) {
        node.network()
                .notInUse(borrower, loans)
                .thenAccept(answer -> answer.loans()
                        .forEach(loan -> node.network().giveBack(shard.number(), loan.key(), loan.ticket())));
    }

    // ---- blocks

    /** Asks for another block before the last address is gone. */
    void thinkAhead(Shard shard) {
        for (String pool : node.plan().pools().keySet()) {
            int usable = shard.addresses.usable(pool);
            BooleanSupplier enough = () -> shard.addresses.free(pool) * FREE_PART >= shard.addresses.usable(pool);
            if (usable > 0
                    && !enough.getAsBoolean()
                    && shard.conversation.isDone()
                    && !shard.isExhausted(pool, node.now())) {
                moreBlocks(shard, pool, null, enough);
            }
        }
    }

    /**
     * Asks for a block, unless there is enough when its turn comes.
     *
     * @param wished an address that must be in it; null for any
     */
    CompletionStage<Done> moreBlocks(Shard shard, String pool, @Nullable Integer wished, BooleanSupplier enough) {
        return converse(
                shard,
                () -> enough.getAsBoolean() || (wished == null && shard.isExhausted(pool, node.now()))
                        ? null
                        : new BlockQuestion.Lease(
                                shard.number(), shard.addresses.having(), pool, wished, wished != null),
                answer -> {
                    if (wished == null && !enough.getAsBoolean()) {
                        shard.exhausted.put(pool, node.now() + EXHAUSTED.toNanos());
                        shard.holders = answer.holders();
                    }
                });
    }

    private void tidy(Shard shard, long now) {
        if (now - shard.nextShow >= 0) {
            shard.nextShow = now + pace.show().toNanos();
            converse(shard, () -> new BlockQuestion.Show(shard.number()), _ -> {});
            return;
        }
        Block spare = shard.addresses.spare(now - pace.empty().toNanos());
        if (spare != null) {
            spare.leave();
            node.announce(shard);
            converse(shard, () -> new BlockQuestion.Return(shard.number(), spare.number()), _ -> {});
        }
    }

    /**
     * One question after the other, so that each answer is newer than what is known.
     *
     * @param question asked when its turn comes; null for none any more
     */
    private CompletionStage<Done> converse(
            Shard shard, Supplier<@Nullable BlockQuestion> question, Consumer<BlockAnswer> andThen) {
        CompletableFuture<Done> turn = shard.conversation.thenCompose(_ -> node.locked(() -> {
            BlockQuestion now = node.isCurrent(shard) ? question.get() : null;
            return now == null
                    ? NOTHING
                    : node.network()
                            .ask(now)
                            .handle((answer, _) ->
                                    node.locked(() -> heard(shard, Optional.ofNullable(answer), andThen)));
        }));
        shard.conversation = turn;
        return turn;
    }

    private Done heard(Shard shard, Optional<BlockAnswer> answer, Consumer<BlockAnswer> andThen) {
        if (answer.isPresent() && node.isCurrent(shard)) {
            shard.addresses.adopt(answer.get().leases(), node.now());
            andThen.accept(answer.get());
            node.announce(shard);
        }
        return Done.getInstance();
    }
}
