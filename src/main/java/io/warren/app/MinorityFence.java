package io.warren.app;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Ends this node as soon as it may not have its calls any more: when the cluster has put it down, and already when it has
 * not seen the majority for a while. The split-brain resolver comes to the same decision, but looks only once a second;
 * the others' wait before they take over could not be as short if this side were that late ({@code cluster.conf}).
 */
final class MinorityFence {
    private static final Duration LOOK = Duration.ofMillis(100);

    /** So long without the majority, after its nodes were found unreachable. Shorter than stable-after. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    /** What it is told. */
    sealed interface Command {
        /** Something happened to the members. */
        record Changed(ClusterEvent.ClusterDomainEvent event) implements Command {}

        /** Time to look again. */
        record Look() implements Command {}

        /** The patience is over. */
        record Over() implements Command {}
    }

    private final Cluster cluster;
    private final TimerScheduler<Command> timers;
    private final Consumer<String> fenced;

    private MinorityFence(ActorContext<Command> context, TimerScheduler<Command> timers, Consumer<String> fenced) {
        this.cluster = Cluster.get(context.getSystem());
        this.timers = timers;
        this.fenced = fenced;
        cluster.subscriptions()
                .tell(new Subscribe<>(
                        context.messageAdapter(ClusterEvent.ClusterDomainEvent.class, Command.Changed::new),
                        ClusterEvent.ClusterDomainEvent.class));
        timers.startTimerWithFixedDelay(new Command.Look(), LOOK);
    }

    /** @param fenced is told why, once; must make the node silent before it returns */
    static Behavior<Command> create(Consumer<String> fenced) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            MinorityFence fence = new MinorityFence(context, timers, fenced);
            return Behaviors.receiveMessage(fence::receive);
        }));
    }

    private Behavior<Command> receive(Command command) {
        return switch (command) {
            case Command.Changed(ClusterEvent.MemberDowned downed)
            when downed.member().uniqueAddress().equals(cluster.selfMember().uniqueAddress()) ->
                end("the cluster has put this node down");
            case Command.Changed _, Command.Look() -> look();
            case Command.Over() -> lost() ? end("the majority of the nodes is out of reach") : Behaviors.same();
        };
    }

    private Behavior<Command> look() {
        if (!lost()) {
            timers.cancel(Command.Over.class);
        } else if (!timers.isTimerActive(Command.Over.class)) {
            timers.startSingleTimer(Command.Over.class, new Command.Over(), PATIENCE);
        }
        return Behaviors.same();
    }

    private boolean lost() {
        CurrentClusterState state = cluster.state();
        List<Member> members = new ArrayList<>();
        state.getMembers().forEach(members::add);
        return Majority.isVoting(cluster.selfMember()) && Majority.isLost(members, state.getUnreachable());
    }

    private Behavior<Command> end(String reason) {
        fenced.accept(reason);
        return Behaviors.stopped();
    }
}
