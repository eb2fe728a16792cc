package io.warren.control.cluster.address;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.warren.config.Cidr;
import io.warren.control.cluster.ShardIsEntity;
import io.warren.control.port.SessionKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Registry and lenders as sharded entities, and the way to them. */
public final class AddressSharding implements AddressNetwork {
    /** The registry, or a lender, may have to move or to start first, and a call's peer waits for longer than that. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ClusterSharding sharding;

    private AddressSharding(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /**
     * Starts the regions of this node.
     *
     * @param lenders where lenders run: as the shards of the same numbers
     * @param nanos the monotonic clock
     */
    public static ClusterAddresses start(
            ActorSystem<?> system,
            PoolPlan plan,
            LastAddresses lastAddresses,
            ShardAllocationStrategy lenders,
            InstantSource clock,
            LongSupplier nanos) {
        ClusterSharding sharding = ClusterSharding.get(system);
        SecureRandom random = new SecureRandom();
        ClusterAddresses addresses =
                new ClusterAddresses(plan, new AddressSharding(sharding), lastAddresses, nanos, Upkeep.Pace.USUAL);
        sharding.init(Entity.of(BlockRegistry.KEY, _ -> BlockRegistry.create(plan, clock))
                .withMessageExtractor(new ShardIsEntity<>())
                .withStopMessage(new BlockCommand.HandOff()));
        sharding.init(Entity.of(
                        AddressLender.KEY,
                        context -> AddressLender.create(
                                Integer.parseInt(context.getEntityId()), addresses, clock, random::nextLong))
                .withMessageExtractor(new ShardIsEntity<>())
                .withAllocationStrategy(lenders)
                .withStopMessage(new LenderCommand.HandOff()));
        return addresses;
    }

    @Override
    public CompletionStage<BlockAnswer> ask(BlockQuestion question) {
        EntityRef<BlockCommand> registry = sharding.entityRefFor(BlockRegistry.KEY, BlockRegistry.ENTITY);
        return registry.ask(replyTo -> new BlockCommand.Ask(question, replyTo), PATIENCE);
    }

    @Override
    public CompletionStage<LenderCommand.Lent> lend(int home, List<Cidr> ranges, SessionKey key) {
        return lender(home).ask(replyTo -> new LenderCommand.Lend(ranges, key, replyTo), PATIENCE);
    }

    @Override
    public void giveBack(int home, SessionKey key, long ticket) {
        lender(home).tell(new LenderCommand.Return(key, ticket));
    }

    @Override
    public CompletionStage<LenderCommand.Shown> loansOf(int home) {
        return lender(home).ask(LenderCommand.Show::new, PATIENCE);
    }

    @Override
    public CompletionStage<LenderCommand.NotInUse> notInUse(int borrower, List<Loan> loans) {
        return lender(borrower).ask(replyTo -> new LenderCommand.InUse(loans, replyTo), PATIENCE);
    }

    private EntityRef<LenderCommand> lender(int shard) {
        return sharding.entityRefFor(AddressLender.KEY, Integer.toString(shard));
    }
}
