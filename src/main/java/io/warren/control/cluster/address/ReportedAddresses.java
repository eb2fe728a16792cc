package io.warren.control.cluster.address;

import io.warren.control.cluster.AddressReport;
import io.warren.control.cluster.OwnedAddresses;
import io.warren.control.port.SessionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** What the board tells other nodes of the addresses of this one, put together anew where something has changed. */
public final class ReportedAddresses implements OwnedAddresses {
    private static final Announcement NOTHING = new Announcement(List.of(), List.of());

    private final ClusterAddresses addresses;
    /** Shards of which another announcement may have to be asked for; the listener must not wait for any lock. */
    private final Set<Integer> changed = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private final Map<Integer, Announcement> announced = new HashMap<>();

    private AddressReport report = AddressReport.NONE;

    public ReportedAddresses(ClusterAddresses addresses) {
        this.addresses = addresses;
        addresses.listen(changed::add);
    }

    @Override
    public CompletionStage<?> arriving(int shard, Map<SessionKey, Integer> leased) {
        return addresses.takeOver(shard, leased);
    }

    @Override
    public void left(int shard) {
        addresses.forget(shard);
        changed.add(shard);
    }

    @Override
    public synchronized AddressReport report() {
        boolean news = false;
        for (Integer shard : List.copyOf(changed)) {
            changed.remove(shard);
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
