package io.warren.control.cluster.address;

import io.warren.config.PrefixPlan;
import io.warren.control.cluster.AddressReport;
import io.warren.control.cluster.OwnedAddresses;
import io.warren.control.port.ClusterPlane;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import io.warren.control.port.Placement;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes are told of addresses, and with it the networks that no lease speaks of: those behind subscribers, and
 * prefixes that are in no pool. They are known from the entries that are forwarded here.
 */
public final class ReportedRoutes implements OwnedAddresses, ClusterPlane.EntryWatcher {
    private final OwnedAddresses addresses;
    private final PrefixPlan plan;

    /** By shard and call; calls without are not in it. Guarded by this. */
    private final Map<Integer, Map<SessionKey, List<Ipv6Prefix>>> routes = new TreeMap<>();

    /** What {@link #report} said last; null when there is something new. Guarded by this. */
    private @Nullable AddressReport report;

    private AddressReport without = AddressReport.NONE;

    /**
     * @param addresses what is told of all else
     * @param plan prefixes of these pools are announced with the addresses
     */
    public ReportedRoutes(OwnedAddresses addresses, PrefixPlan plan) {
        this.addresses = addresses;
        this.plan = plan;
    }

    @Override
    public void installed(ForwardingEntry entry) {
        List<Ipv6Prefix> networks = networks(entry);
        synchronized (this) {
            if (networks.isEmpty()) {
                removed(entry.key());
            } else if (!networks.equals(routes.computeIfAbsent(shard(entry.key()), _ -> new HashMap<>())
                    .put(entry.key(), networks))) {
                report = null;
            }
        }
    }

    @Override
    public synchronized void removed(SessionKey key) {
        Map<SessionKey, List<Ipv6Prefix>> calls = routes.get(shard(key));
        if (calls != null && calls.remove(key) != null) {
            report = null;
            if (calls.isEmpty()) {
                routes.remove(shard(key));
            }
        }
    }

    /** The shard's entries are installed already; those of another time when it was here are not in the journal any more. */
    @Override
    public CompletionStage<?> arriving(int shard, Map<SessionKey, List<Integer>> leased) {
        synchronized (this) {
            Map<SessionKey, List<Ipv6Prefix>> calls = routes.get(shard);
            if (calls != null && calls.keySet().retainAll(leased.keySet())) {
                report = null;
            }
        }
        return addresses.arriving(shard, leased);
    }

    @Override
    public void left(int shard) {
        synchronized (this) {
            if (routes.remove(shard) != null) {
                report = null;
            }
        }
        addresses.left(shard);
    }

    /** Nothing is put together anew for a report that is the same one as before. */
    @SuppressWarnings("ReferenceEquality")
    @Override
    public AddressReport report() {
        AddressReport now = addresses.report();
        synchronized (this) {
            AddressReport known = report;
            if (known != null && now.equals(without)) {
                return known;
            }
            without = now;
            AddressReport whole = routes.isEmpty() ? now : new AddressReport(now.blocks(), now.singles(), byShard());
            report = whole;
            return whole;
        }
    }

    private Map<Integer, List<Ipv6Prefix>> byShard() {
        Map<Integer, List<Ipv6Prefix>> all = new HashMap<>();
        routes.forEach((shard, calls) -> all.put(
                shard, calls.values().stream().flatMap(List::stream).distinct().toList()));
        return Map.copyOf(all);
    }

    private List<Ipv6Prefix> networks(ForwardingEntry entry) {
        ForwardingEntry.Ipv6 ipv6 = entry.ipv6();
        if (entry.routes().isEmpty() && ipv6 == null) {
            return List.of();
        }
        List<Ipv6Prefix> networks = new ArrayList<>();
        entry.routes().forEach(route -> networks.add(Placement.ipv4(route)));
        if (ipv6 != null) {
            ipv6.prefixes().stream()
                    .filter(prefix -> !plan.holds(prefix.high(), prefix.length()))
                    .forEach(networks::add);
            networks.addAll(ipv6.routes());
        }
        return List.copyOf(networks);
    }

    private static int shard(SessionKey key) {
        return Placement.shardOf(key.tunnelId());
    }
}
