package io.warren.app;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.warren.control.cluster.CallSearch;
import io.warren.control.port.SubscriberCalls.Found;
import io.warren.control.port.SubscriberCalls.Wanted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Looks for calls on the other nodes that have any. */
final class CallsElsewhere implements CallsOutside.Others {
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final String NAME = "warren-calls";

    private final OtherOwners owners;

    /**
     * @param self this node's name, as the picture has it
     * @param picture who has which shard
     */
    CallsElsewhere(ActorSystem<?> system, String self, Supplier<ClusterPicture> picture, Duration patience) {
        this.owners = new OtherOwners(system, self, picture, patience);
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
        return owners.<CallSearch, CallSearch.Result>ask(NAME, replyTo -> new CallSearch(wanted, replyTo))
                .thenApply(results -> results.stream()
                        .flatMap(result -> result.calls().stream())
                        .toList());
    }
}
