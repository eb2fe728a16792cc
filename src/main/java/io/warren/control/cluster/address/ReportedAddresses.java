package io.warren.control.cluster.address;

import io.warren.control.cluster.AddressReport;
import io.warren.control.cluster.OwnedAddresses;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What the board tells other nodes of the addresses of this one, put together anew where something has changed. */
public final class ReportedAddresses implements OwnedAddresses {
    private static final Announcement NOTHING = new Announcement(List.of(), List.of());

    private final ClusterAddresses addresses;
    /** Shards of which another announcement may have to be asked for; the listener must not wait for any lock. */
    private final Set<Integer> changed = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private final Map<Integer, Announcement> announced = new HashMap<>();

    /** Shards whose addresses are not known yet. */
    private final Map<Integer, CompletionStage<?>> arriving = new ConcurrentHashMap<>();

    private final Supplier<Placement> placement;
    private AddressReport report = AddressReport.NONE;

    /** @param placement what all nodes know now */
    public ReportedAddresses(ClusterAddresses addresses, Supplier<Placement> placement) {
        this.addresses = addresses;
        this.placement = placement;
        addresses.listen(changed::add);
    }

    /**
     * The registry may have to find a new place itself, and calls shall not wait for it: until it has answered, the
     * shard has what its last owner had.
     */
    @Override
    public CompletionStage<?> arriving(int shard, Map<SessionKey, List<Integer>> leased) {
        CompletionStage<?> known = addresses.takeOver(shard, leased);
        synchronized (this) {
            arriving.put(shard, known);
            announced.put(shard, inherited(shard));
            report = together();
        }
        var _ = known.whenComplete((_, _) -> arrived(shard, known));
        return CompletableFuture.completedFuture(shard);
    }

    /** Runs under the lock of the addresses, which others take while they hold ours: it must not take ours. */
    private void arrived(int shard, CompletionStage<?> known) {
        if (arriving.remove(shard, known)) {
            changed.add(shard);
        }
    }

    private Announcement inherited(int shard) {
        Placement now = placement.get();
        return new Announcement(of(shard, now.blocks()), of(shard, now.addresses()));
    }

    private static List<Integer> of(int shard, Map<Integer, Integer> addresses) {
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue() == shard)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized void left(int shard) {
        arriving.remove(shard);
        addresses.forget(shard);
        changed.add(shard);
    }

    @Override
    public synchronized AddressReport report() {
        boolean news = false;
        for (Integer shard : List.copyOf(changed)) {
            changed.remove(shard);
            if (arriving.containsKey(shard)) {
                continue;
            }
            Announcement now = addresses.announcement(shard);
            Announcement before = now.equals(NOTHING) ? announced.remove(shard) : announced.put(shard, now);
            news |= !now.equals(before == null ? NOTHING : before);
        }
        if (news) {
            report = together();
        }
        return report;
    }

    private AddressReport together() {
        Map<Integer, Integer> blocks = new HashMap<>();
        Map<Integer, Integer> singles = new HashMap<>();
        announced.forEach((shard, announcement) -> {
            announcement.blocks().forEach(block -> blocks.put(block, shard));
            announcement.addresses().forEach(address -> singles.put(address, shard));
        });
        return new AddressReport(blocks, singles);
    }
}
