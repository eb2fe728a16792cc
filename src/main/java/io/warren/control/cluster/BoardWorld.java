package io.warren.control.cluster;

import io.warren.control.cluster.address.LastAddresses;
import io.warren.control.ingress.ReadyShards;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.ingress.TunnelNotices;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.Endpoint;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * What a {@link Board} knows of its node and can reach.
 *
 * @param self host:port of the node as a member of the cluster
 * @param relay where the node takes packets from others
 * @param ingresses addresses at which only this node takes packets; none when all nodes have the same
 * @param blockSize addresses in a block
 * @param wakeKeeper lets the keeper of a shard start, wherever it is to live
 * @param nanos a monotonic clock
 * @param wallMillis time of day
 */
record BoardWorld(
        String self,
        Endpoint relay,
        List<Endpoint> ingresses,
        int blockSize,
        ClusterPlane plane,
        OwnedAddresses addresses,
        Arrivals arrivals,
        ReadyShards ready,
        TunnelDirectory tunnels,
        SessionDirectory sessions,
        TunnelNotices notices,
        LastAddresses lastAddresses,
        OtherNodes others,
        IntConsumer wakeKeeper,
        LongSupplier nanos,
        LongSupplier wallMillis) {}
