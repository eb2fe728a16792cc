package io.warren.control.login;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.ShardCoordinator.ShardAllocationStrategy;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import io.warren.config.SubscriberSettings;
import io.warren.config.SubscriberSettings.DuplicateLogins;
import io.warren.control.Tally;
import io.warren.control.access.Logins;
import io.warren.control.cluster.ShardIsEntity;
import io.warren.control.port.CallDetails;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way to the {@link LoginDesk}s, for the calls of this node. It is made before the control plane, which needs it, and
 * opened when there are calls to be found; before that nobody is let in who needs to be asked for.
 */
public final class ClusterLogins implements Logins {
    /** As many as there may be; the same on all nodes. */
    static final int DESKS = 64;

    /** How often a desk is asked that does not answer: it may just have moved, and the question be lost. */
    private static final int ATTEMPTS = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** An address that is given back on another node takes its time. */
    private static final Duration GIVING_BACK = Duration.ofSeconds(3);

    /** No longer does a subscriber wait for his address. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** How many calls a reason names. */
    private static final int NAMED = 3;

    private final SubscriberSettings settings;
    private final long addressWait;
    private final LongSupplier nanos;
    /** Calls that took the place of others, and until when they may wait for their address. */
    private final Map<SessionKey, Long> replacing = new ConcurrentHashMap<>();

    private volatile @Nullable Open open;

    private record Open(ClusterSharding sharding, Tally tally) {
        EntityRef<LoginCommand> desk(String user) {
            return sharding.entityRefFor(LoginDesk.KEY, Integer.toString(Math.floorMod(user.hashCode(), DESKS)));
        }
    }

    /**
     * @param ending how long a call may take that is told to end
     * @param nanos the monotonic clock
     */
    public ClusterLogins(SubscriberSettings settings, Duration ending, LongSupplier nanos) {
        this.settings = settings;
        Duration wait = ending.plus(GIVING_BACK);
        this.addressWait = (wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT).toNanos();
        this.nanos = nanos;
    }

    /**
     * Starts this node's region of desks.
     *
     * @param places where desks are
     */
    public void open(ActorSystem<?> system, ShardAllocationStrategy places, LoginDesk.Calls calls, Tally tally) {
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(
                        LoginDesk.KEY,
                        context -> LoginDesk.create(new LoginDesk.World(
                                calls,
                                nanos,
                                actor -> context.getShard().tell(new ClusterSharding.Passivate<>(actor)))))
                .withMessageExtractor(new ShardIsEntity<>())
                .withAllocationStrategy(places)
                .withStopMessage(new LoginCommand.HandOff()));
        open = new Open(sharding, tally);
    }

    @Override
    public boolean limits(int calls) {
        return calls > 0 || settings.duplicateLogins() != DuplicateLogins.ALLOW;
    }

    @Override
    public CompletionStage<Answer> claim(CallDetails call, String user, int calls) {
        Open now = open;
        if (now == null) {
            return CompletableFuture.completedFuture(new Answer.Unknown("the node is starting"));
        }
        Claim claim = new Claim(
                call.key(),
                call.accountingId(),
                user,
                calls > 0 ? calls : settings.callsPerUser(),
                settings.duplicateLogins() == DuplicateLogins.REPLACE);
        return ask(now, claim, ATTEMPTS).thenApply(verdict -> answer(now.tally(), claim, verdict));
    }

    private static CompletionStage<LoginVerdict> ask(Open now, Claim claim, int attempts) {
        return now.desk(claim.user())
                .ask((ActorRef<LoginVerdict> replyTo) -> new LoginCommand.Ask(claim, replyTo), PATIENCE)
                .exceptionallyCompose(failure -> attempts > 1
                        ? ask(now, claim, attempts - 1)
                        : CompletableFuture.completedFuture(new LoginVerdict.Unknown(String.valueOf(failure))));
    }

    private Answer answer(Tally tally, Claim claim, LoginVerdict verdict) {
        return switch (verdict) {
            case LoginVerdict.Admitted(List<SessionKey> replaced) -> {
                if (!replaced.isEmpty()) {
                    long time = nanos.getAsLong();
                    replacing.values().removeIf(until -> time - until > 0);
                    replacing.put(claim.key(), time + addressWait);
                    replaced.forEach(key -> tally.count("a call ended for a newer one of its user", "session " + key));
                }
                yield new Answer.Admitted();
            }
            case LoginVerdict.Refused(List<SessionKey> with) -> {
                tally.count("a login denied: the user has as many calls as he may have", "session " + claim.key());
                yield new Answer.Refused("already logged in, with " + words(with));
            }
            case LoginVerdict.Gone() -> new Answer.Unknown("the call is over");
            case LoginVerdict.Unknown(String reason) -> {
                tally.count("a login put off: not all nodes said which calls the user has", "session " + claim.key());
                yield new Answer.Unknown("nobody can tell which calls the user has: " + reason);
            }
        };
    }

    private static String words(List<SessionKey> calls) {
        String named = calls.stream().limit(NAMED).map(SessionKey::toString).collect(Collectors.joining(", "));
        return (calls.size() == 1 ? "call " : "calls ")
                + named
                + (calls.size() > NAMED ? " and " + (calls.size() - NAMED) + " more" : "");
    }

    @Override
    public boolean hasReplaced(SessionKey key) {
        Long until = replacing.get(key);
        return until != null && nanos.getAsLong() - until < 0;
    }

    @Override
    public void over(SessionKey key) {
        replacing.remove(key);
    }
}
