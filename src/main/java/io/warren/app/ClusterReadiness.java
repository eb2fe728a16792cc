package io.warren.app;

import io.warren.control.port.Placement;
import io.warren.management.api.PartView;
import java.util.List;

/**
 * Whether a member may get traffic: it is up, every shard has an owner, its own are kept, and it is neither draining nor
 * stopping. Beside the parts of any node; what is red says why.
 */
final class ClusterReadiness {
    private ClusterReadiness() {}

    /** What this node has been told to do. */
    enum Will {
        STAY,
        /** Give the shards away, relay, stay a member. */
        DRAIN,
        /** Stop. */
        LEAVE
    }

    /**
     * @param name of this node
     * @param status of this node in the cluster, in lower case
     */
    static List<PartView> parts(String name, String status, ClusterPicture picture, Will will) {
        return List.of(
                member(name, status),
                shards(name, picture),
                switch (will) {
                    case STAY -> new PartView("drain", true, "takes tunnels");
                    case DRAIN -> new PartView("drain", false, "draining, " + left(name, picture));
                    case LEAVE -> new PartView("drain", false, "leaving, " + left(name, picture));
                });
    }

    /** A node that nobody has let in yet is removed, in Akka's words. */
    private static PartView member(String name, String status) {
        return switch (status) {
            case "up" -> new PartView("member", true, name);
            case "removed" -> new PartView("member", false, name + " is no member yet, or not any more");
            default -> new PartView("member", false, name + " is " + status);
        };
    }

    private static PartView shards(String name, ClusterPicture picture) {
        int unowned = picture.unowned(Placement.SHARDS).size();
        if (unowned > 0) {
            return new PartView("shards", false, unowned + " of " + Placement.SHARDS + " have no owner");
        }
        List<Integer> own = picture.ownedBy(name);
        long waking = own.stream()
                .filter(shard -> {
                    ClusterPicture.Shard found = picture.shards().get(shard);
                    return found == null || !found.kept();
                })
                .count();
        return waking > 0
                ? new PartView("shards", false, waking + " of our " + own.size() + " are not ready")
                : new PartView("shards", true, own.size() + " of " + Placement.SHARDS + " are here");
    }

    private static String left(String name, ClusterPicture picture) {
        return picture.ownedBy(name).size() + " shards are still here";
    }
}
