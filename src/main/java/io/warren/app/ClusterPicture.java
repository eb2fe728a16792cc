package io.warren.app;

import io.warren.control.port.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which node has which shard, as this node's board knows it at one moment. Nodes are known by their names, host:port.
 *
 * @param reports the latest of each node, this one's included
 * @param shards by number; a shard that is not in it, nobody has
 */
record ClusterPicture(List<Report> reports, Map<Integer, Shard> shards) {
    static final ClusterPicture NOTHING = new ClusterPicture(List.of(), Map.of());

    /**
     * What a node says of itself.
     *
     * @param sessions calls that it has; null when it has not told
     */
    record Report(
            String node,
            Endpoint relay,
            boolean draining,
            @Nullable Integer sessions) {}

    /**
     * Where a shard is.
     *
     * @param owner null when nobody has it
     * @param kept whether its calls are known there, so that it is not just passing on packets
     * @param standby null for none
     */
    record Shard(
            @Nullable String owner, boolean kept, @Nullable String standby) {}

    @Nullable
    String owner(int shard) {
        Shard found = shards.get(shard);
        return found == null ? null : found.owner();
    }

    /** Names of the nodes that have shards. */
    Set<String> owners() {
        return shards.values().stream()
                .map(Shard::owner)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether of so many shards the calls of each are known at its owner. */
    boolean everyShardIsKept(int all) {
        return shards.values().stream()
                        .filter(shard -> shard.owner() != null && shard.kept())
                        .count()
                == all;
    }

    List<Integer> ownedBy(String node) {
        return where(shard -> node.equals(shard.owner()));
    }

    List<Integer> stoodByFrom(String node) {
        return where(shard -> node.equals(shard.standby()));
    }

    /** Shards without an owner, of so many. */
    List<Integer> unowned(int all) {
        return IntStream.range(0, all)
                .filter(shard -> owner(shard) == null)
                .boxed()
                .toList();
    }

    /** Names of the nodes that give their shards away. */
    Set<String> draining() {
        return reports.stream().filter(Report::draining).map(Report::node).collect(Collectors.toSet());
    }

    private List<Integer> where(Predicate<Shard> wanted) {
        return shards.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
