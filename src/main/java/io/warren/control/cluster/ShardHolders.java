package io.warren.control.cluster;

import io.warren.control.port.Placement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has which shard, as it follows from all reports.
 *
 * @param holders by shard, all of them
 * @param placement the same for the forwarding plane
 */
public record ShardHolders(Map<Integer, Holder> holders, Placement placement) {
    static final Holder NOBODY = new Holder(null, 0, false, null);

    /**
     * Nodes by name.
     *
     * @param owner whose claim counts; null when nobody who is alive claims the shard
     * @param epoch of that claim, or of the one who is gone; 0 for none
     * @param kept whether a keeper runs there, as far as is known
     */
    public record Holder(
            @Nullable String owner,
            long epoch,
            boolean kept,
            @Nullable String standby) {}

    Holder of(int shard) {
        return holders.getOrDefault(shard, NOBODY);
    }
}
