package io.warren.control.cluster;

import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node is for each shard, and what happens when that changes: the entries of a shard that has found a new
 * owner become those of its standby or go, not before. For one thread.
 */
final class ShardRoles {
    private enum Role {
        OWNER,
        STANDBY,
        NONE
    }

    private final BoardWorld world;
    private final StandbyFeed feed;
    private final StandbyStore store;
    private final Role[] roles = new Role[Placement.SHARDS];

    ShardRoles(BoardWorld world, StandbyFeed feed, StandbyStore store) {
        this.world = world;
        this.feed = feed;
        this.store = store;
        Arrays.fill(roles, Role.NONE);
    }

    /** Becomes what the holders say; but what a keeper is installing just now stays untouched. */
    void assume(ShardHolders holders) {
        for (int shard = 0; shard < Placement.SHARDS; shard++) {
            ShardHolders.Holder holder = holders.of(shard);
            Role role = world.self().equals(holder.owner())
                    ? Role.OWNER
                    : world.self().equals(holder.standby()) ? Role.STANDBY : Role.NONE;
            if (role != Role.OWNER && world.arrivals().contains(shard)) {
                feed.cease(shard);
                continue;
            }
            if (role != roles[shard]) {
                change(shard, holder.owner(), roles[shard], role);
                roles[shard] = role;
            }
            String standby = holder.standby();
            if (role == Role.OWNER && standby != null) {
                if (feed.follow(shard, holder.epoch(), standby)) {
                    world.tunnels().positions().repeat(shard);
                }
            } else {
                feed.cease(shard);
            }
        }
    }

    private void change(int shard, @Nullable String owner, Role from, Role to) {
        if (from == Role.OWNER) {
            lose(shard);
        }
        switch (to) {
            case OWNER -> standDownRest(shard);
            case STANDBY -> {
                List<SessionKey> known = from == Role.OWNER ? installed(shard) : List.of();
                if (from == Role.OWNER) {
                    world.plane().demote(shard);
                }
                store.begin(shard, known);
            }
            case NONE -> {
                store.end(shard);
                if (owner != null) {
                    MeterExchange.leave(world, shard, owner);
                }
                world.plane().forgetShard(shard);
                world.tunnels().positions().dropShard(shard);
            }
        }
    }

    /** The new owner has all that lives; what we stood by with and the journal did not name is over. */
    private void standDownRest(int shard) {
        Set<SessionKey> stoodByWith = store.end(shard);
        if (!stoodByWith.isEmpty()) {
            world.plane().standDown(stoodByWith);
        }
    }

    private void lose(int shard) {
        world.ready().remove(shard);
        world.tunnels().dismissShard(shard);
        world.sessions().dismissShard(shard);
        world.addresses().left(shard);
    }

    /** Entries were installed here; not ours to have if the shard has another owner. */
    void giveUpStrays(int shard) {
        switch (roles[shard]) {
            case OWNER -> {}
            case STANDBY -> world.plane().demote(shard);
            case NONE -> world.plane().forgetShard(shard);
        }
    }

    private List<SessionKey> installed(int shard) {
        return world.plane().installed(shard).stream().map(ForwardingEntry::key).toList();
    }
}
