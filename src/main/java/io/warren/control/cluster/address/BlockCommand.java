package io.warren.control.cluster.address;

import akka.actor.typed.ActorRef;
import io.warren.control.cluster.ClusterMessage;

/** What a {@link BlockRegistry} receives. */
public sealed interface BlockCommand extends ClusterMessage {
    /** To be answered when what it leads to is in the journal. */
    record Ask(BlockQuestion question, ActorRef<BlockAnswer> replyTo) implements BlockCommand {}

    /** It goes on elsewhere. */
    record HandOff() implements BlockCommand {}
}
