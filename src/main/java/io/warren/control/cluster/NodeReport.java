package io.warren.control.cluster;

import io.warren.control.port.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself to the others, whenever it changes and once a second.
 *
 * @param node host:port of the node as a member of the cluster
 * @param relay where it takes packets from other nodes
 * @param incarnation rises each time when the node starts
 * @param number rises with each report of an incarnation
 * @param draining whether it wants to lose its shards
 * @param shards what it claims, by shard
 * @param addresses of its shards; null: as before, which only an incarnation's later reports may say
 * @param ingresses addresses at which only this node takes packets; none when all nodes have the same
 * @param sessions calls that it has, about a second ago; null when an older version says so
 */
public record NodeReport(
        String node,
        Endpoint relay,
        long incarnation,
        long number,
        boolean draining,
        Map<Integer, Claim> shards,
        @Nullable AddressReport addresses,
        List<Endpoint> ingresses,
        @Nullable Integer sessions)
        implements ClusterMessage, Board.Command {
    /**
     * That the node owns a shard.
     *
     * @param epoch of two claims to one shard the one with the higher epoch counts
     * @param kept false when the shard's keeper has left: the node forwards until another claims the shard
     */
    public record Claim(long epoch, boolean kept) implements ClusterMessage {}

    /** Whether this one tells news, after the other. */
    boolean isAfter(NodeReport other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : number > other.number;
    }

    /** Whether nothing but addresses and the number of calls is different. */
    boolean saysTheSame(NodeReport other) {
        return incarnation == other.incarnation
                && draining == other.draining
                && relay.equals(other.relay)
                && shards.equals(other.shards)
                && ingresses.equals(other.ingresses);
    }

    NodeReport with(AddressReport known) {
        return new NodeReport(node, relay, incarnation, number, draining, shards, known, ingresses, sessions);
    }
}
