package io.warren.control.cluster;

import akka.actor.typed.ActorRef;
import io.warren.control.ingress.CallRecovery;
import io.warren.control.ingress.ReadyShards;
import io.warren.control.ingress.SessionDirectory;
import io.warren.control.ingress.TunnelDirectory;
import io.warren.control.port.SessionPlane;

/** What a {@link ShardKeeper} can reach: all of it of its own node. */
record KeeperWorld(
        ShardReads reads,
        ActorRef<Board.Command> board,
        ActorRef<CallRecovery.Command> recovery,
        TunnelDirectory tunnels,
        SessionDirectory sessions,
        SessionPlane plane,
        OwnedAddresses addresses,
        Arrivals arrivals,
        ReadyShards ready) {}
