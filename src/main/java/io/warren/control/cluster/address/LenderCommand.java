package io.warren.control.cluster.address;

import akka.actor.typed.ActorRef;
import io.warren.config.Cidr;
import io.warren.control.cluster.ClusterMessage;
import io.warren.control.port.SessionKey;
import java.util.List;

/** What an {@link AddressLender} receives. */
public sealed interface LenderCommand extends ClusterMessage {
    /** An address of these ranges for a call of another shard: the one that it has already, if it has. */
    record Lend(List<Cidr> ranges, SessionKey key, ActorRef<Lent> replyTo) implements LenderCommand {
        public Lend {
            ranges = List.copyOf(ranges);
        }
    }

    /** The call does not have what it was lent with this ticket, and will not. May get lost: see {@link InUse}. */
    record Return(SessionKey key, long ticket) implements LenderCommand {}

    /** What is lent? From the new owner of the shard. */
    record Show(ActorRef<Shown> replyTo) implements LenderCommand {}

    /**
     * To the borrower's shard: which of these loans of yours are in use? Answered only when all calls of the shard are
     * known; without an answer a loan goes on.
     */
    record InUse(List<Loan> loans, ActorRef<NotInUse> replyTo) implements LenderCommand {
        public InUse {
            loans = List.copyOf(loans);
        }
    }

    /** It goes on elsewhere. */
    record HandOff() implements LenderCommand {}

    /**
     * The answer to {@link Lend}.
     *
     * @param ticket to be named when the address is returned; another one with each answer
     */
    record Lent(Outcome outcome, int address, long ticket) implements ClusterMessage {
        /** Whether there was something to lend. */
        public enum Outcome {
            LENT,
            /** All of it is in use, or not ours to lend. */
            NONE_FREE,
            /** The shard has just moved: ask again soon. */
            NOT_YET
        }
    }

    /** The answer to {@link Show}. */
    record Shown(List<Loan> loans) implements ClusterMessage {
        public Shown {
            loans = List.copyOf(loans);
        }
    }

    /** The answer to {@link InUse}: those that no call has, nor will ever have under this ticket. */
    record NotInUse(List<Loan> loans) implements ClusterMessage {
        public NotInUse {
            loans = List.copyOf(loans);
        }
    }
}
