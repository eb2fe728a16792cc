package io.warren.app;

import akka.actor.typed.ActorSystem;
import io.warren.config.Settings;
import io.warren.control.login.ClusterLogins;
import io.warren.control.port.ClusterPlane;
import io.warren.dataplane.DataPlane;
import io.warren.radius.Radius;
import java.io.IOException;

/** What a member of a cluster is made of where it differs from a node by itself, in the order in which it is asked for. */
interface MemberParts {
    /** Opens the journal that all nodes share. */
    OpenJournal journal(Settings settings);

    /** Opens the sockets, those of the relay included. */
    DataPlane plane(Settings settings) throws IOException;

    /** What the plane does for the other nodes. */
    ClusterPlane relay(DataPlane plane);

    /** Starts the shard regions, the board and the keepers. The node has not joined yet. */
    Started start(World world) throws IOException;

    /** What they work with. */
    record World(
            ActorSystem<?> system,
            Settings settings,
            OpenJournal journal,
            DataPlane plane,
            ClusterPlane relay,
            Radius radius,
            ClusterLogins logins) {}

    /** What runs then. */
    record Started(ControlPlane control, Membership membership) {}
}
