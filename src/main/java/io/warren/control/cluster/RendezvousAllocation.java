package io.warren.control.cluster;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.Address;
import akka.cluster.Cluster;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.sharding.ShardCoordinator;
import akka.dispatch.Futures;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Places shards by {@link Rendezvous} over the nodes that stay: members that are up and do not drain. One instance for
 * each entity type; all types have equal shards, so a tunnel, its calls and their keeper live on the same node, and move
 * in the {@link MovingOrder}.
 */
public final class RendezvousAllocation extends ShardCoordinator.AbstractShardAllocationStrategy
        implements ShardCoordinator.ActorSystemDependentAllocationStrategy {
    private final Supplier<Set<String>> draining;
    private final MovingOrder order;
    private final MovingOrder.Part part;
    private @Nullable Cluster cluster;
    /** All that {@link #rebalance} last saw when nothing was to move; it is asked ten times a second. */
    private @Nullable Seen atRest;

    /** @param state compared by identity: members that differ in their status only are equal */
    private record Seen(
            Map<ActorRef, IndexedSeq<String>> allocations, CurrentClusterState state, Set<String> draining) {
        @SuppressWarnings("ReferenceEquality")
        boolean isStill(Seen before) {
            return state == before.state && draining.equals(before.draining) && allocations.equals(before.allocations);
        }
    }

    /**
     * @param draining names of nodes that are to lose their shards, as in {@link NodeReport}; asked from any thread
     * @param order of all parts of the shards
     * @param part the one that is placed here
     */
    RendezvousAllocation(Supplier<Set<String>> draining, MovingOrder order, MovingOrder.Part part) {
        this.draining = draining;
        this.order = order;
        this.part = part;
        order.join(part);
    }

    /** For a node by itself, where nothing moves. */
    public static RendezvousAllocation alone() {
        return new RendezvousAllocation(Set::of, new MovingOrder(_ -> null), MovingOrder.Part.SESSIONS);
    }

    @Override
    public void start(ActorSystem system) {
        cluster = Cluster.get(system);
    }

    @Override
    public Future<ActorRef> allocateShard(
            ActorRef requester, String shard, Map<ActorRef, IndexedSeq<String>> allocations) {
        Map<String, ActorRef> regions = new HashMap<>();
        allocations.keySet().forEach(region -> regions.put(nameOf(region), region));
        String first = Rendezvous.first(Integer.parseInt(shard), staying(regions.keySet()));
        return Futures.successful(first == null ? requester : regions.getOrDefault(first, requester));
    }

    @Override
    public Future<Set<String>> rebalance(Map<ActorRef, IndexedSeq<String>> allocations, Set<String> moving) {
        Seen now = new Seen(allocations, state(), draining.get());
        if (atRest != null && now.isStill(atRest)) {
            return Futures.successful(Set.of());
        }
        Map<Integer, String> owners = new TreeMap<>();
        Set<String> regions = new HashSet<>();
        Set<String> living = members(state(), MemberStatus.up(), MemberStatus.leaving());
        allocations.forEach((region, shards) -> {
            String node = nameOf(region);
            regions.add(node);
            // A dead region does not hand its shards over: to ask it would block them until the hand-over times out.
            if (living.contains(node)) {
                CollectionConverters.asJava(shards).forEach(shard -> owners.put(Integer.parseInt(shard), node));
            }
        });
        order.saw(part, owners);
        if (!settled()) {
            return Futures.successful(Set.of());
        }
        Set<Integer> movingNow = moving.stream().map(Integer::valueOf).collect(Collectors.toSet());
        owners.keySet().retainAll(toMove(owners, staying(regions), movingNow));
        boolean rests = owners.isEmpty() && moving.isEmpty() && living.containsAll(regions);
        atRest = rests ? now : null;
        owners.keySet().retainAll(order.turn(part, owners));
        return Futures.successful(order.setOut(owners, System.nanoTime()).stream()
                .map(shard -> Integer.toString(shard))
                .collect(Collectors.toSet()));
    }

    /** The shards that have another first choice than their owner and do not move yet. */
    static Set<Integer> toMove(Map<Integer, String> owners, Collection<String> staying, Set<Integer> moving) {
        if (staying.isEmpty()) {
            return Set.of();
        }
        return owners.entrySet().stream()
                .filter(entry -> !moving.contains(entry.getKey()))
                .filter(entry -> !entry.getValue().equals(Rendezvous.first(entry.getKey(), staying)))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Of these, the members that are up and do not drain; all of them if there is no such. */
    private Set<String> staying(Set<String> nodes) {
        Set<String> staying = new HashSet<>(members(state(), MemberStatus.up()));
        staying.retainAll(nodes);
        staying.removeAll(draining.get());
        return staying.isEmpty() ? nodes : staying;
    }

    /** Whether a shard could move at all, which every member must acknowledge, and no further node is about to come. */
    private boolean settled() {
        CurrentClusterState state = state();
        return state.getUnreachable().isEmpty()
                && members(state).stream()
                        .noneMatch(member -> member.status().equals(MemberStatus.joining())
                                || member.status().equals(MemberStatus.weaklyUp()));
    }

    private static Set<String> members(CurrentClusterState state, MemberStatus... statuses) {
        return members(state).stream()
                .filter(member -> List.of(statuses).contains(member.status()))
                .map(member -> name(member.address()))
                .collect(Collectors.toSet());
    }

    private static Set<Member> members(CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false).collect(Collectors.toSet());
    }

    /** The name by which the cluster's nodes are known here: host:port. */
    static String name(Address address) {
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    /** A region on this node has a path without host and port. */
    private String nameOf(ActorRef region) {
        Address address = region.path().address();
        return name(address.hasLocalScope() ? cluster().selfAddress() : address);
    }

    private CurrentClusterState state() {
        return cluster().state();
    }

    private Cluster cluster() {
        Cluster started = cluster;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }
}
