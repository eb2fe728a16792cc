package io.warren.dataplane;

import io.warren.config.Cidr;
import io.warren.control.port.ForwardingEntry;
import io.warren.control.port.Ipv6Prefix;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which calls claim which routes of one IP version, and for each route the one that has it: the one that came last, and
 * when that ends the one before it. For the writer of a {@link ForwardingTable}; readers look into the map.
 */
final class RouteClaims {
    private final PrefixMap map;
    private final IntFunction<@Nullable Slot> calls;
    private final Map<Ipv6Prefix, Set<Integer>> claims = new HashMap<>();
    private long contested;

    /**
     * @param map what readers look into; it may hold prefixes of other kinds, which are before equal routes
     * @param calls the call with this key, as it is now
     */
    RouteClaims(PrefixMap map, IntFunction<@Nullable Slot> calls) {
        this.map = map;
        this.calls = calls;
    }

    /** The IPv4 routes of a call, as if the upper half of an IPv6 address began with the IPv4 address. */
    static List<Ipv6Prefix> ipv4(@Nullable ForwardingEntry entry) {
        return entry == null
                ? List.of()
                : entry.routes().stream().map(RouteClaims::prefix).toList();
    }

    static List<Ipv6Prefix> ipv6(@Nullable ForwardingEntry entry) {
        return entry == null || entry.ipv6() == null ? List.of() : entry.ipv6().routes();
    }

    private static Ipv6Prefix prefix(Cidr network) {
        return new Ipv6Prefix(high(network.base()), 0, network.length());
    }

    /** What an IPv4 address is looked for by. */
    static long high(int address) {
        return (long) address << 32;
    }

    /** The call with this key has these routes now, and had those before. */
    void changed(int key, List<Ipv6Prefix> routes, List<Ipv6Prefix> before) {
        for (Ipv6Prefix route : before) {
            if (!routes.contains(route)) {
                Set<Integer> keys = claims.get(route);
                if (keys != null && keys.remove(key) && keys.isEmpty()) {
                    claims.remove(route);
                }
                settle(route);
            }
        }
        for (Ipv6Prefix route : routes) {
            Set<Integer> keys = claims.computeIfAbsent(route, _ -> new LinkedHashSet<>(2));
            if (keys.add(key) && keys.size() > 1) {
                contested++;
            }
            settle(route);
        }
    }

    /** Gives the route to the call that is to have it: of those that are forwarded here, before standbys, the last. */
    void settle(Ipv6Prefix route) {
        Slot holder = map.exactly(route.high(), route.length());
        if (holder != null && holder.holds(route) && calls.apply(holder.key) == holder) {
            return;
        }
        Slot next = null;
        for (int key : claims.getOrDefault(route, Set.of())) {
            Slot call = calls.apply(key);
            if (call != null && (next == null || !call.standby || next.standby)) {
                next = call;
            }
        }
        if (next != null) {
            map.put(route, next);
        } else if (holder != null) {
            map.remove(route);
        }
    }

    /** How often a call came with a route that another had. */
    long contested() {
        return contested;
    }
}
