package io.warren.control.cluster;

import io.warren.control.cluster.address.LastAddresses;
import io.warren.control.ingress.ReadyShards;
import io.warren.control.ingress.TunnelNotices;
import io.warren.control.port.Placement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rest of a node sees of the cluster: made before the shard regions and the dispatcher, which need it, and
 * filled once {@link ClusterShards} has started. Safe to use from any thread.
 */
public final class ClusterView {
    /** A peer's retransmission cycle by RFC 2661 §5.8 is some 31 seconds; some peers try for longer. */
    private static final Duration SCCRQ_REPEATED = Duration.ofMinutes(2);

    private static final int USERS = 200_000;

    private final String self;
    private final ReadyShards ready = ReadyShards.none();
    private final TunnelNotices notices = new TunnelNotices(System::nanoTime, SCCRQ_REPEATED);
    private final LastAddresses lastAddresses = new LastAddresses(USERS);
    private final MovingOrder order =
            new MovingOrder(shard -> picture().holders().of(shard).owner());
    private volatile boolean draining;
    private volatile ClusterPicture picture =
            new ClusterPicture(new ShardHolders(Map.of(), Placement.ALONE), Set.of(), List.of());

    /** @param self host:port of this node as a member of the cluster */
    public ClusterView(String self) {
        this.self = self;
    }

    public String self() {
        return self;
    }

    /** Where new tunnels may begin on this node. */
    public ReadyShards ready() {
        return ready;
    }

    public TunnelNotices notices() {
        return notices;
    }

    public LastAddresses lastAddresses() {
        return lastAddresses;
    }

    /** Who has what, and what each node reports. */
    public ClusterPicture picture() {
        return picture;
    }

    /** Where the tunnels of a shard are. */
    public RendezvousAllocation tunnels() {
        return allocation(MovingOrder.Part.TUNNELS);
    }

    /** Where the calls of a shard are. */
    public RendezvousAllocation sessions() {
        return allocation(MovingOrder.Part.SESSIONS);
    }

    /** Where the shards' addresses are lent. */
    public RendezvousAllocation lenders() {
        return allocation(MovingOrder.Part.LENDER);
    }

    /** Where the desks for logins are: in no order with the shards, with which they have nothing in common. */
    public RendezvousAllocation logins() {
        return new RendezvousAllocation(
                this::draining,
                new MovingOrder(shard -> picture().holders().of(shard).owner()),
                MovingOrder.Part.SESSIONS);
    }

    /** Where the shards' keepers are. */
    RendezvousAllocation keepers() {
        return allocation(MovingOrder.Part.KEEPER);
    }

    private RendezvousAllocation allocation(MovingOrder.Part part) {
        return new RendezvousAllocation(this::draining, order, part);
    }

    /** Nodes that are to lose their shards, this one too. */
    private Set<String> draining() {
        Set<String> all = new HashSet<>(picture.draining());
        if (draining) {
            all.add(self);
        }
        return all;
    }

    void drain(boolean on) {
        draining = on;
    }

    void publish(ClusterPicture now) {
        picture = now;
    }
}
