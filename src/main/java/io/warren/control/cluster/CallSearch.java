package io.warren.control.cluster;

import akka.actor.typed.ActorRef;
import io.warren.control.port.SubscriberCalls;
import java.util.List;

/** From a node to another: which of its calls are meant? */
public record CallSearch(SubscriberCalls.Wanted wanted, ActorRef<Result> replyTo) implements ClusterMessage {
    /** All of them. */
    public record Result(List<SubscriberCalls.Found> calls) implements ClusterMessage {}
}
