package io.warren.control.cluster.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.warren.config.Cidr;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Nodes, registry, lenders and journal in one thread, with a clock of its own and a network that loses, delays, repeats
 * and overtakes. What is in the journal survives; a node that dies takes all else with it.
 */
final class SimulatedCluster {
    static final int SHARDS = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    final Random random;
    final PoolPlan plan;
    /** Calls with an address, as in their journal. */
    final Map<SessionKey, Integer> calls = new HashMap<>();

    private final Upkeep.Pace pace;
    private BlockRegistryState registry = BlockRegistryState.EMPTY;
    private final Map<Integer, Loans> lenders = new HashMap<>();
    /** Where the shard's owner is, and where its lender: they do not move at the same moment. */
    private final Map<Integer, Node> owners = new HashMap<>();

    private final Map<Integer, Node> lenderNodes = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now;
    private long number;
    /** Of 100 messages so many are lost, and so many repeated; with none of either no message is late. */
    int loss = 15;

    private record Event(long at, long number, Runnable what) {}

    SimulatedCluster(long seed, PoolPlan plan, int size, Upkeep.Pace pace) {
        this.pace = pace;
        this.random = new Random(seed);
        this.plan = plan;
        for (int i = 0; i < size; i++) {
            nodes.add(new Node(i));
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            lenders.put(shard, Loans.EMPTY);
            Node node = nodes.get(shard % size);
            lenderNodes.put(shard, node);
            own(shard, node);
        }
    }

    /** One life of a node. */
    final class Node implements AddressNetwork {
        final int index;
        final LastAddresses lastAddresses = new LastAddresses(100);
        final ClusterAddresses addresses = new ClusterAddresses(plan, this, lastAddresses, () -> now, pace);
        boolean dead;

        Node(int index) {
            this.index = index;
            addresses.listenToConflicts(key -> {
                throw new AssertionError("the address of " + key + " is not free");
            });
        }

        @Override
        public CompletionStage<BlockAnswer> ask(BlockQuestion question) {
            return exchange(answer -> {
                BlockEvent event = BlockRegistryDecider.decide(registry, plan, question, Instant.EPOCH);
                if (event != null) {
                    registry = BlockRegistryDecider.evolve(registry, event);
                }
                answer.accept(BlockRegistryDecider.answer(registry, plan, question));
            });
        }

        @Override
        public CompletionStage<LenderCommand.Lent> lend(int home, List<Cidr> ranges, SessionKey key) {
            return exchange(answer -> {
                LendingDesk desk = lenderNodes.get(home).addresses;
                if (!desk.isReady(home)) {
                    answer.accept(new LenderCommand.Lent(LenderCommand.Lent.Outcome.NOT_YET, 0, 0));
                    return;
                }
                LenderDecider.Lending lending =
                        LenderDecider.lend(lenders.get(home), ranges, key, ++number, () -> desk.reserve(home, ranges));
                Loan loan = lending.written();
                if (loan != null) {
                    write(home, new LoanEvent.AddressLent(Instant.EPOCH, loan.address(), key, loan.ticket()));
                    desk.lent(home, loan);
                }
                answer.accept(lending.answer());
            });
        }

        @Override
        public void giveBack(int home, SessionKey key, long ticket) {
            send(() -> {
                Loan loan = lenders.get(home).withTicket(key, ticket);
                LendingDesk desk = lenderNodes.get(home).addresses;
                if (loan != null && desk.isReady(home)) {
                    write(home, new LoanEvent.AddressReturned(Instant.EPOCH, loan.address()));
                    desk.returned(home, loan);
                }
            });
        }

        @Override
        public CompletionStage<LenderCommand.Shown> loansOf(int home) {
            return exchange(answer -> answer.accept(
                    new LenderCommand.Shown(List.copyOf(lenders.get(home).all()))));
        }

        @Override
        public CompletionStage<LenderCommand.NotInUse> notInUse(int borrower, List<Loan> loans) {
            return exchange(answer -> lenderNodes
                    .get(borrower)
                    .addresses
                    .notInUse(borrower, loans)
                    .ifPresent(idle -> answer.accept(new LenderCommand.NotInUse(idle))));
        }

        private <T> CompletionStage<T> exchange(Consumer<Consumer<T>> atTheOtherEnd) {
            CompletableFuture<T> reply = new CompletableFuture<>();
            send(() -> atTheOtherEnd.accept(answer -> send(() -> {
                if (!dead) {
                    reply.complete(answer);
                }
            })));
            in(PATIENCE.toNanos(), () -> {
                if (!dead) {
                    reply.completeExceptionally(new TimeoutException());
                }
            });
            return reply;
        }
    }

    private void write(int shard, LoanEvent event) {
        lenders.put(shard, lenders.get(shard).evolve(event));
    }

    private void send(Runnable message) {
        int copies = random.nextInt(100) < loss ? 0 : random.nextInt(100) < loss ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            // most are quick, some come when nobody waits for them any more
            long longest = loss > 0 && random.nextInt(10) == 0 ? 8_000_000_000L : 20_000_000L;
            in(random.nextLong(longest), message);
        }
    }

    void in(long nanos, Runnable what) {
        events.add(new Event(now + nanos, ++number, what));
    }

    /** Lets time pass. Each node's clock ticks once a second. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            long second = Math.min(end, now - now % 1_000_000_000L + 1_000_000_000L);
            while (!events.isEmpty() && events.peek().at() <= second) {
                Event event = events.remove();
                now = Math.max(now, event.at());
                event.what().run();
            }
            now = second;
            // a lender follows its shard sooner or later
            owners.forEach((shard, owner) -> {
                if (random.nextInt(2) == 0) {
                    lenderNodes.put(shard, owner);
                }
            });
            nodes.forEach(node -> node.addresses.tick());
        }
    }

    Node owner(int shard) {
        return owners.get(shard);
    }

    List<Node> nodes() {
        return nodes;
    }

    /** A planned move: the old owner forgets before the new one begins. */
    void move(int shard, Node to) {
        Node from = owners.get(shard);
        if (from == null || from.index == to.index) {
            return;
        }
        from.addresses.forget(shard);
        owners.remove(shard);
        in(random.nextLong(500_000_000L), () -> own(shard, nodes.get(to.index)));
    }

    /** The node dies and comes back empty; its shards go to others. */
    void kill(Node node) {
        node.dead = true;
        Node next = new Node(node.index);
        nodes.set(node.index, next);
        for (int shard = 0; shard < SHARDS; shard++) {
            int number = shard;
            if (lenderNodes.get(shard) == node) {
                lenderNodes.put(shard, next);
            }
            if (owners.get(shard) == node) {
                owners.remove(shard);
                int heir = random.nextInt(nodes.size());
                in(random.nextLong(3_000_000_000L), () -> {
                    own(number, nodes.get(heir));
                });
            }
        }
    }

    private void own(int shard, Node node) {
        Map<SessionKey, List<Integer>> known = new HashMap<>();
        calls.forEach((key, address) -> {
            if (key.tunnelId() >> 8 == shard) {
                known.put(key, List.of(address));
            }
        });
        owners.put(shard, node);
        node.addresses.takeOver(shard, known);
    }

    /** What the journals must agree on at any moment: no blocks overlap, and each call's address is its shard's or lent. */
    void check() {
        List<BlockLease> leases = List.copyOf(registry.leases().values());
        for (int i = 1; i < leases.size(); i++) {
            assertThat(leases.get(i).block().overlaps(leases.get(i - 1).block()))
                    .isFalse();
        }
        Map<Integer, SessionKey> used = new HashMap<>();
        calls.forEach((key, address) -> {
            assertThat(used.put(address, key)).as("two calls in the journal").isNull();
            boolean ofItsShard = registry.overlapping(new Cidr(address, 32)).stream()
                    .anyMatch(lease -> lease.shard() == key.tunnelId() >> 8);
            boolean lent = lenders.values().stream()
                    .map(loans -> loans.byAddress().get(address))
                    .anyMatch(loan -> loan != null && loan.key().equals(key));
            assertThat(ofItsShard || lent)
                    .as("the address of %s is not free for others", key)
                    .isTrue();
        });
    }

    BlockRegistryState registry() {
        return registry;
    }

    long loans() {
        return lenders.values().stream().mapToLong(loans -> loans.all().size()).sum();
    }
}
