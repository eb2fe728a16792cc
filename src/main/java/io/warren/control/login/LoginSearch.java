package io.warren.control.login;

import akka.actor.typed.ActorRef;
import io.warren.control.cluster.ClusterMessage;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * From a node to another: which calls of this user does it have, and which of these?
 *
 * @param calls that are asked for whosoever they are
 */
public record LoginSearch(String user, List<SessionKey> calls, ActorRef<Result> replyTo) implements ClusterMessage {
    public LoginSearch {
        calls = List.copyOf(calls);
    }

    /**
     * All of them, and of which shards these are all.
     *
     * @param shards by their numbers, as a set of bits, the lowest in the first
     */
    public record Result(List<Login> logins, List<Long> shards) implements ClusterMessage {
        public Result {
            logins = List.copyOf(logins);
            shards = List.copyOf(shards);
        }

        public static Result of(List<Login> logins, BitSet shards) {
            return new Result(
                    logins, LongStream.of(shards.toLongArray()).boxed().toList());
        }

        /** Those of all nodes; null when they do not know the calls of all shards. */
        public static @Nullable List<Login> all(List<Result> results) {
            BitSet known = new BitSet(Placement.SHARDS);
            List<Login> logins = new ArrayList<>();
            for (Result result : results) {
                logins.addAll(result.logins);
                known.or(BitSet.valueOf(
                        result.shards.stream().mapToLong(Long::longValue).toArray()));
            }
            return known.cardinality() == Placement.SHARDS ? logins : null;
        }
    }
}
