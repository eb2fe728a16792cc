package io.warren.app;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.warren.control.port.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Asks the other nodes that have calls. All that own a shard must answer: one that does not could have the call, and then
 * nobody may say that there is none, or only one. A node that joins may run a call before it owns the shard: it is asked,
 * too, but nobody depends on one that is only starting, or about to leave.
 */
final class OtherOwners {
    private final ActorSystem<?> system;
    private final String self;
    private final Supplier<ClusterPicture> picture;
    private final Duration patience;

    /**
     * @param self this node's name, as the picture has it
     * @param picture who has which shard
     */
    OtherOwners(ActorSystem<?> system, String self, Supplier<ClusterPicture> picture, Duration patience) {
        this.system = system;
        this.self = self;
        this.picture = picture;
        this.patience = patience;
    }

    /**
     * What each of them answers; those without shards only if they do.
     *
     * @param name of the system actor that does
     */
    <Q, A> CompletionStage<List<A>> ask(String name, Function<ActorRef<A>, Q> question) {
        ClusterPicture now = picture.get();
        if (!now.everyShardIsKept(Placement.SHARDS)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("a part of the calls is on its way to another node"));
        }
        CompletionStage<List<A>> all = CompletableFuture.completedFuture(List.of());
        Set<String> owners = now.owners();
        Set<String> nodes = new TreeSet<>(owners);
        now.reports().forEach(report -> nodes.add(report.node()));
        nodes.remove(self);
        for (String node : nodes) {
            CompletionStage<List<A>> answer = askOne(node, name, question).thenApply(List::of);
            all = all.thenCombine(
                    owners.contains(node) ? answer : answer.exceptionally(_ -> List.of()), OtherOwners::both);
        }
        return all;
    }

    private <Q, A> CompletionStage<A> askOne(String node, String name, Function<ActorRef<A>, Q> question) {
        ActorRef<Q> asked = ActorRefResolver.get(system)
                .resolveActorRef("akka://" + system.name() + "@" + node + "/system/" + name);
        return AskPattern.ask(asked, question::apply, patience, system.scheduler());
    }

    private static <A> List<A> both(List<A> some, List<A> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
