package io.warren.control.cluster.address;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.warren.control.cluster.ClusterMessage;

/** What a {@link BlockRegistry} receives. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BlockCommand.Ask.class, name = "ask"),
    @JsonSubTypes.Type(value = BlockCommand.HandOff.class, name = "hand-off")
})
public sealed interface BlockCommand extends ClusterMessage {
    /** To be answered when what it leads to is in the journal. */
    record Ask(BlockQuestion question, ActorRef<BlockAnswer> replyTo) implements BlockCommand {}

    /** It goes on elsewhere. */
    record HandOff() implements BlockCommand {}
}
