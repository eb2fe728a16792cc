package io.warren.app;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import io.warren.control.cluster.CallSearch;
import io.warren.control.port.Placement;
import io.warren.control.port.SubscriberCalls.Found;
import io.warren.control.port.SubscriberCalls.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Looks for calls on the other nodes that have any. All of them must answer: one that does not could have the call, and
 * then nobody may say that there is none, or only one.
 */
final class CallsElsewhere implements CallsOutside.Others {
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final String NAME = "warren-calls";

    private final ActorSystem<?> system;
    private final String self;
    private final Supplier<ClusterPicture> picture;
    private final Duration patience;

    /**
     * @param self this node's name, as the picture has it
     * @param picture who has which shard
     */
    CallsElsewhere(ActorSystem<?> system, String self, Supplier<ClusterPicture> picture, Duration patience) {
        this.system = system;
        this.self = self;
        this.picture = picture;
        this.patience = patience;
    }

    /** Answers other nodes, from now on. */
    static void answer(ActorSystem<?> system, Function<Wanted, List<Found>> here) {
        system.systemActorOf(
                Behaviors.<CallSearch>receiveMessage(search -> {
                    search.replyTo().tell(new CallSearch.Result(here.apply(search.wanted())));
                    return Behaviors.same();
                }),
                NAME,
                Props.empty());
    }

    @Override
    public CompletionStage<List<Found>> find(Wanted wanted) {
        ClusterPicture now = picture.get();
        if (!now.everyShardIsKept(Placement.SHARDS)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("a part of the calls is on its way to another node"));
        }
        CompletionStage<List<Found>> all = CompletableFuture.completedFuture(List.of());
        for (String node : now.owners()) {
            if (!node.equals(self)) {
                all = all.thenCombine(ask(node, wanted), CallsElsewhere::together);
            }
        }
        return all;
    }

    private CompletionStage<List<Found>> ask(String node, Wanted wanted) {
        ActorRef<CallSearch> calls = ActorRefResolver.get(system)
                .resolveActorRef("akka://" + system.name() + "@" + node + "/system/" + NAME);
        return AskPattern.<CallSearch, CallSearch.Result>ask(
                        calls, replyTo -> new CallSearch(wanted, replyTo), patience, system.scheduler())
                .thenApply(CallSearch.Result::calls);
    }

    private static List<Found> together(List<Found> some, List<Found> others) {
        List<Found> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
