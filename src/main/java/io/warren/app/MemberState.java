package io.warren.app;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.remote.UniqueAddress;
import akka.remote.artery.QuarantinedEvent;
import io.warren.app.ClusterReadiness.Will;
import io.warren.control.port.Endpoint;
import io.warren.control.port.Placement;
import io.warren.management.api.ClusterNodeView;
import io.warren.management.api.ClusterView;
import io.warren.management.api.MemberView;
import io.warren.management.api.PartView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node as a member: what it was told to do, what its board and Akka know of the others, as readiness, views and the
 * departure need it. Safe to use from any thread.
 */
final class MemberState implements Departure.Steps, EndedMembers.Members {
    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final ControlPlane control;
    private final Membership membership;
    private final Supplier<Set<Endpoint>> heard;
    private final AtomicReference<Will> will = new AtomicReference<>(Will.STAY);

    /** @param heard the relays that were heard of lately */
    MemberState(ActorSystem<?> system, ControlPlane control, Membership membership, Supplier<Set<Endpoint>> heard) {
        this.system = system;
        this.cluster = Cluster.get(system);
        this.control = control;
        this.membership = membership;
        this.heard = heard;
    }

    /** The name by which nodes know each other: host:port. */
    static String name(Address address) {
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    String name() {
        return name(cluster.selfMember().address());
    }

    ClusterPicture picture() {
        return membership.picture();
    }

    boolean owns(int shard) {
        return name().equals(membership.picture().owner(shard));
    }

    /** Gives all shards away and takes no tunnels, or not any more; a node that is leaving goes on leaving. */
    void drain(boolean on) {
        Will now = will.updateAndGet(before -> before == Will.LEAVE ? before : on ? Will.DRAIN : Will.STAY);
        control.drain(now != Will.STAY);
        membership.drain(now != Will.STAY);
    }

    List<PartView> readiness() {
        return ClusterReadiness.parts(name(), status(cluster.selfMember()), membership.picture(), will.get());
    }

    MemberView member() {
        return new MemberView(
                name(),
                status(cluster.selfMember()),
                will.get() != Will.STAY,
                membership.picture().ownedBy(name()).size());
    }

    ClusterView view() {
        ClusterPicture picture = membership.picture();
        CurrentClusterState state = cluster.state();
        Map<String, ClusterPicture.Report> reports = new TreeMap<>();
        picture.reports().forEach(report -> reports.put(report.node(), report));
        Map<String, Member> members = new TreeMap<>();
        state.getMembers().forEach(member -> members.put(name(member.address()), member));
        Set<String> names = new HashSet<>(members.keySet());
        names.addAll(reports.keySet());
        List<ClusterNodeView> nodes = names.stream()
                .sorted()
                .map(name ->
                        node(name, members.get(name), reports.get(name), picture, state.getUnreachable(), heard.get()))
                .toList();
        return new ClusterView(nodes, Placement.SHARDS, picture.unowned(Placement.SHARDS));
    }

    private ClusterNodeView node(
            String name,
            @Nullable Member member,
            ClusterPicture.@Nullable Report report,
            ClusterPicture picture,
            Set<Member> unreachable,
            Set<Endpoint> heardOf) {
        boolean self = name.equals(name());
        Integer sessions = self ? (Integer) control.sessions().count() : report == null ? null : report.sessions();
        return new ClusterNodeView(
                name,
                report == null ? null : report.relay().toString(),
                member == null ? "removed" : status(member),
                member != null && !unreachable.contains(member),
                !self && (report == null || !heardOf.contains(report.relay())),
                self,
                self ? will.get() != Will.STAY : report != null && report.draining(),
                sessions,
                picture.ownedBy(name),
                picture.stoodByFrom(name));
    }

    @Override
    public Set<Address> silent() {
        Set<Endpoint> heardOf = heard.get();
        Set<String> silent = new HashSet<>();
        for (ClusterPicture.Report report : membership.picture().reports()) {
            if (!heardOf.contains(report.relay())) {
                silent.add(report.node());
            }
        }
        Set<Address> addresses = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (silent.contains(name(member.address()))
                    && !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())
                    && !member.status().equals(MemberStatus.down())) {
                addresses.add(member.address());
            }
        }
        return addresses;
    }

    @Override
    public boolean majorityHeard() {
        Set<Address> silent = silent();
        List<Member> members = new ArrayList<>();
        cluster.state().getMembers().forEach(members::add);
        Set<Member> unheard = new HashSet<>(cluster.state().getUnreachable());
        members.stream().filter(member -> silent.contains(member.address())).forEach(unheard::add);
        return !Majority.isLost(members, unheard);
    }

    /**
     * A member that is down is removed only when it is unreachable, too, which the failure detector takes seconds to
     * find out. What Akka tells its cluster of a system that it will never talk to again says so at once.
     */
    @Override
    public void putDown(Address member) {
        for (Member known : cluster.state().getMembers()) {
            if (known.address().equals(member)) {
                UniqueAddress ended =
                        new UniqueAddress(member, known.uniqueAddress().longUid());
                Adapter.toClassic(system).eventStream().publish(new QuarantinedEvent(ended));
                cluster.manager().tell(new Down(member));
            }
        }
    }

    private static String status(Member member) {
        return member.status().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void notReady() {
        will.set(Will.LEAVE);
    }

    @Override
    public void takeNoTunnels() {
        control.drain(true);
    }

    @Override
    public void giveShardsAway() {
        membership.drain(true);
    }

    @Override
    public int shardsHere() {
        return membership.picture().ownedBy(name()).size();
    }

    @Override
    public boolean anotherCanTake() {
        if (!cluster.selfMember().status().equals(MemberStatus.up())) {
            return false;
        }
        Set<String> draining = membership.picture().draining();
        CurrentClusterState state = cluster.state();
        List<Member> others = new ArrayList<>();
        state.getMembers().forEach(others::add);
        return others.stream()
                .filter(member -> member.status().equals(MemberStatus.up()))
                .filter(member -> !state.getUnreachable().contains(member))
                .map(member -> name(member.address()))
                .anyMatch(name -> !name.equals(name()) && !draining.contains(name));
    }
}
