package io.warren.control.login;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import io.warren.control.port.SessionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes the claims of some users, those of one user one after the other. Each is decided by {@link LoginDecider} when all
 * nodes have said what calls the user has; while they cannot, they are asked again, for a while.
 */
public final class LoginDesk extends AbstractBehavior<LoginCommand> {
    /** The entity's id is the number of the desk. */
    public static final EntityTypeKey<LoginCommand> KEY = EntityTypeKey.create(LoginCommand.class, "login");

    /** How long a node's calls need to be found again after it died, and a little more. */
    private static final long PATIENCE = Duration.ofSeconds(8).toNanos();

    private static final Duration ASKED_AGAIN = Duration.ofMillis(250);
    private static final Duration TIDIED = Duration.ofSeconds(5);

    /** How long an answer takes at most to its call's node. */
    private static final long TOLD = Duration.ofSeconds(30).toNanos();

    /** The same where the desk moves: long enough for all but a call that waits for its address. */
    private static final long TOLD_BEFORE_LEAVING = Duration.ofSeconds(1).toNanos();

    private final World world;
    private final TimerScheduler<LoginCommand> timers;
    private final Map<String, Lane> lanes = new HashMap<>();
    private boolean leaving;

    /**
     * What a desk can reach.
     *
     * @param nanos the monotonic clock
     * @param passivate asks for the desk to be stopped when nothing is on its way to it
     */
    record World(Calls calls, LongSupplier nanos, Consumer<ActorRef<LoginCommand>> passivate) {}

    /** The calls of all nodes. */
    public interface Calls {
        /**
         * A user's calls, and these. The stage fails when not all nodes have answered.
         *
         * @param calls that are asked for whosoever they are
         */
        CompletionStage<List<Login>> find(String user, List<SessionKey> calls);

        /** Of these the ones that are there when they are asked themselves, as they say then. The stage fails when one does not answer. */
        CompletionStage<List<Login>> confirm(List<Login> logins);

        /** Ends a call, with these words for the journal. */
        void end(SessionKey key, String reason);
    }

    private record Waiting(LoginCommand.Ask ask, long until) {}

    /** One user. */
    private static final class Lane {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private Remembered remembered = Remembered.NOTHING;
        private long answered;
        /** Whether the nodes are being asked. */
        private boolean asking;

        boolean isIdle() {
            return waiting.isEmpty() && !asking;
        }
    }

    private LoginDesk(ActorContext<LoginCommand> context, TimerScheduler<LoginCommand> timers, World world) {
        super(context);
        this.timers = timers;
        this.world = world;
        timers.startTimerWithFixedDelay(new LoginCommand.Tidy(), TIDIED);
    }

    static Behavior<LoginCommand> create(World world) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new LoginDesk(context, timers, world)));
    }

    @Override
    public Receive<LoginCommand> createReceive() {
        return newReceiveBuilder().onMessage(LoginCommand.class, this::told).build();
    }

    private Behavior<LoginCommand> told(LoginCommand command) {
        switch (command) {
            case LoginCommand.Ask ask -> {
                Lane lane = lanes.computeIfAbsent(ask.claim().user(), _ -> new Lane());
                lane.waiting.add(new Waiting(ask, world.nanos().getAsLong() + PATIENCE));
                next(ask.claim().user(), lane);
            }
            case LoginCommand.Heard heard -> {
                Lane lane = lanes.get(heard.user());
                if (lane != null) {
                    lane.asking = false;
                    heard(heard, lane);
                }
            }
            case LoginCommand.Again(String user) -> {
                Lane lane = lanes.get(user);
                if (lane != null) {
                    next(user, lane);
                }
            }
            case LoginCommand.Tidy() -> tidy();
            case LoginCommand.HandOff() -> leaving = true;
        }
        return leaving && nothingUnderWay() ? Behaviors.stopped() : this;
    }

    private void next(String user, Lane lane) {
        if (!lane.waiting.isEmpty() && !lane.asking && !timers.isTimerActive(new LoginCommand.Again(user))) {
            ask(user, lane, lane.waiting.getFirst().ask().claim().key());
        }
    }

    private void ask(String user, Lane lane, @Nullable SessionKey claiming) {
        Set<SessionKey> calls = new LinkedHashSet<>(lane.remembered.admitted().values());
        calls.addAll(lane.remembered.replaced().values());
        if (claiming != null) {
            calls.add(claiming);
        }
        hear(user, lane, world.calls().find(user, List.copyOf(calls)), false);
    }

    private void hear(String user, Lane lane, CompletionStage<List<Login>> answer, boolean confirmed) {
        lane.asking = true;
        getContext()
                .pipeToSelf(
                        answer,
                        (found, failure) -> failure == null
                                ? new LoginCommand.Heard(user, found, confirmed, null)
                                : new LoginCommand.Heard(user, List.of(), confirmed, failure.toString()));
    }

    private void heard(LoginCommand.Heard heard, Lane lane) {
        String user = heard.user();
        String failure = heard.failure();
        if (failure != null) {
            missed(user, lane, failure);
            return;
        }
        List<Login> logins = heard.logins();
        Waiting first = lane.waiting.peek();
        if (first == null) {
            lane.remembered = LoginDecider.look(lane.remembered, logins);
            LoginDecider.notEnding(lane.remembered, logins)
                    .forEach(key -> world.calls().end(key, "replaced by a newer call of " + user));
            return;
        }
        Claim claim = first.ask().claim();
        LoginDecider.Decision decision = LoginDecider.decide(lane.remembered, claim, logins);
        if (!heard.confirmed()) {
            List<Login> doubtful = doubtful(decision.verdict(), claim, logins);
            if (!doubtful.isEmpty()) {
                hear(user, lane, world.calls().confirm(doubtful), true);
                return;
            }
        }
        lane.waiting.remove();
        lane.remembered = decision.remembered();
        lane.answered = world.nanos().getAsLong();
        LoginDecider.notEnding(lane.remembered, logins)
                .forEach(key -> world.calls().end(key, "replaced by call " + claim.key()));
        first.ask().replyTo().tell(decision.verdict());
        next(user, lane);
    }

    /**
     * The calls to be asked themselves before this is said; none when it is certain. A node from which a call has just
     * moved away may not know that it has ended since; and the call that claims may be on its way between two nodes, or
     * have come when the nodes had been asked without it.
     */
    private static List<Login> doubtful(LoginVerdict verdict, Claim claim, List<Login> logins) {
        return switch (verdict) {
            case LoginVerdict.Refused _ -> logins;
            case LoginVerdict.Gone() -> {
                boolean seen = logins.stream().anyMatch(login -> login.id().equals(claim.id()));
                yield seen
                        ? List.of()
                        : Stream.concat(logins.stream(), Stream.of(claim.login()))
                                .toList();
            }
            case LoginVerdict.Admitted _, LoginVerdict.Unknown _ -> List.of();
        };
    }

    /** Nobody is turned away for a call that may be gone, nor let in beside one that may be there. */
    private void missed(String user, Lane lane, String failure) {
        long now = world.nanos().getAsLong();
        List<Waiting> inVain = new ArrayList<>(lane.waiting);
        inVain.removeIf(waiting -> now < waiting.until());
        lane.waiting.removeAll(inVain);
        inVain.forEach(waiting -> waiting.ask().replyTo().tell(new LoginVerdict.Unknown(failure)));
        if (!lane.waiting.isEmpty()) {
            LoginCommand.Again again = new LoginCommand.Again(user);
            timers.startSingleTimer(again, again, ASKED_AGAIN);
        }
    }

    /** What it has said is known by now; only whether a call has really ended must be asked. */
    private void tidy() {
        long now = world.nanos().getAsLong();
        lanes.values()
                .removeIf(lane -> lane.isIdle()
                        && lane.remembered.replaced().isEmpty()
                        && (lane.remembered.isNothing() || now - lane.answered > TOLD));
        lanes.forEach((user, lane) -> {
            if (lane.isIdle() && !lane.remembered.replaced().isEmpty()) {
                ask(user, lane, null);
            }
        });
        if (lanes.isEmpty() && !leaving) {
            world.passivate().accept(getContext().getSelf());
        }
    }

    /** Claims wait for the next desk then, which must be able to see all that was admitted here. */
    private boolean nothingUnderWay() {
        long now = world.nanos().getAsLong();
        boolean nothing = lanes.values().stream()
                .allMatch(lane -> lane.isIdle()
                        && (lane.remembered.admitted().isEmpty() || now - lane.answered > TOLD_BEFORE_LEAVING));
        if (!nothing) {
            timers.startSingleTimer(new LoginCommand.HandOff(), new LoginCommand.HandOff(), ASKED_AGAIN);
        }
        return nothing;
    }
}
