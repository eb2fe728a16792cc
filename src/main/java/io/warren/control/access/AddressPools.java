package io.warren.control.access;

import io.warren.config.Cidr;
import io.warren.config.Ipv4;
import io.warren.config.PrefixPlan;
import io.warren.control.port.SessionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which call has which address: one owner at most per address, whether it lies in a pool or is a user's own. A user
 * gets his last address again while it is free. Every operation takes a few steps; safe for use by many threads.
 */
public final class AddressPools {
    /** The pool that is used unless told otherwise. */
    public static final String DEFAULT = "default";

    private static final Logger LOG = LoggerFactory.getLogger(AddressPools.class);

    /** How many users' last addresses are remembered. */
    private static final int REMEMBERED_USERS = 65_536;

    /** The shortest prefix of a range: 16 million addresses, 2 MB of bits. */
    private static final int SHORTEST_PREFIX = 8;

    private final int gateway;
    private final Map<String, AddressPool> pools = new LinkedHashMap<>();
    private final Map<Integer, SessionKey> owners = new HashMap<>();
    private final Map<SessionKey, Set<Integer>> ofCall = new HashMap<>();
    private final Map<String, Integer> lastOfUser = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED_USERS;
        }
    };

    /**
     * How full a pool is.
     *
     * @param ranges as configured
     * @param size addresses that can be given out
     */
    public record Usage(String pool, List<String> ranges, int size, int leased) {}

    /**
     * @param ranges CIDR ranges by pool name; they must not overlap
     * @param gateway our own address as a big-endian int, never given out
     * @throws IllegalArgumentException with all that is wrong, a line each
     */
    public AddressPools(Map<String, List<String>> ranges, int gateway) {
        this(ranges, gateway, PrefixPlan.NONE);
    }

    /** @param prefixes pools of IPv6 prefixes, whose numbers are given out as addresses are */
    public AddressPools(Map<String, List<String>> ranges, int gateway, PrefixPlan prefixes) {
        this.gateway = gateway;
        List<String> problems = new ArrayList<>();
        Map<Cidr, String> seen = new LinkedHashMap<>();
        ranges.forEach((name, texts) -> {
            List<Cidr> parsed = new ArrayList<>();
            for (String text : texts) {
                Cidr range = check(name, text, seen, problems);
                if (range != null) {
                    parsed.add(range);
                }
            }
            if (problems.isEmpty()) {
                pools.put(name, new AddressPool(name, parsed, gateway));
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        prefixes.pools().forEach((name, indices) -> pools.put(name, new AddressPool(name, indices, gateway)));
    }

    /** The ranges of all pools of addresses. */
    public List<Cidr> ranges() {
        return rangesByPool().values().stream().flatMap(List::stream).toList();
    }

    Map<String, List<Cidr>> rangesByPool() {
        Map<String, List<Cidr>> ranges = new LinkedHashMap<>();
        pools.forEach((name, pool) -> {
            if (!PrefixPlan.isIndex(pool.ranges().getFirst().base())) {
                ranges.put(name, pool.ranges());
            }
        });
        return ranges;
    }

    /** These pools, as they are asked where the answer may take its time. */
    public Addresses addresses() {
        return new NodeAddresses(this);
    }

    /** Leases an address of a pool: the call's own if it has one there, else the user's last one, else any. */
    public synchronized OptionalInt leaseAny(String poolName, SessionKey key, String user) {
        AddressPool pool = pools.get(poolName);
        if (pool == null) {
            return OptionalInt.empty();
        }
        OptionalInt held = held(key, pool::contains);
        if (held.isPresent()) {
            return held;
        }
        Integer last = lastOfUser.get(user);
        if (last != null && pool.contains(last) && pool.take(last)) {
            return OptionalInt.of(owned(key, user, last));
        }
        OptionalInt any = pool.takeAny();
        return any.isPresent() ? OptionalInt.of(owned(key, user, any.getAsInt())) : any;
    }

    /** Leases the first free address of these ranges, the call's own or the user's last one before others. */
    public synchronized OptionalInt leaseWithin(Collection<Cidr> ranges, SessionKey key, String user) {
        OptionalInt held = held(key, address -> ranges.stream().anyMatch(range -> range.contains(address)));
        if (held.isPresent()) {
            return held;
        }
        Integer last = lastOfUser.get(user);
        if (last != null && ranges.stream().anyMatch(range -> range.contains(last)) && lease(key, last)) {
            return OptionalInt.of(last);
        }
        int tries = 0;
        for (Cidr range : ranges) {
            for (int address = range.base(); address != range.last() + 1; address++) {
                if (isHost(address, range) && lease(key, address)) {
                    lastOfUser.put(user, address);
                    return OptionalInt.of(address);
                }
                if (++tries == REMEMBERED_USERS) {
                    return OptionalInt.empty();
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Leases this address, in a pool or not; false when another call has it or when nobody may. */
    public synchronized boolean lease(SessionKey key, int address) {
        SessionKey owner = owners.get(address);
        if (owner != null) {
            return owner.equals(key);
        }
        if (address == gateway || address == 0) {
            return false;
        }
        AddressPool pool = poolAround(address);
        if (pool != null && (!pool.contains(address) || !pool.take(address))) {
            return false;
        }
        own(key, address);
        return true;
    }

    /** Marks an address as leased to a call that goes on after a restart. */
    public void restore(SessionKey key, int address) {
        if (!lease(key, address)) {
            LOG.error("call {} goes on with address {}, which is not free", key, Ipv4.dotted(address));
        }
    }

    /** Gives an address back; only its owner can. Returns whether it did. */
    public synchronized boolean release(SessionKey key, int address) {
        if (!owners.remove(address, key)) {
            return false;
        }
        ofCall.computeIfPresent(key, (_, all) -> {
            all.remove(address);
            return all.isEmpty() ? null : all;
        });
        AddressPool pool = poolAround(address);
        if (pool != null) {
            pool.free(address);
        }
        return true;
    }

    /** How full each pool is. */
    public synchronized List<Usage> usage() {
        return pools.values().stream()
                .map(pool -> new Usage(
                        pool.name(), pool.ranges().stream().map(Cidr::toString).toList(), pool.size(), pool.leased()))
                .toList();
    }

    /** All leased addresses, those outside of the pools included. */
    public synchronized int leased() {
        return owners.size();
    }

    /** Outside of the pools, which know their own, a range's first and last address are not for hosts. */
    private boolean isHost(int address, Cidr range) {
        return poolAround(address) != null || (address - range.firstHost() >= 0 && range.lastHost() - address >= 0);
    }

    private int owned(SessionKey key, String user, int address) {
        own(key, address);
        lastOfUser.put(user, address);
        return address;
    }

    private void own(SessionKey key, int address) {
        owners.put(address, key);
        ofCall.computeIfAbsent(key, _ -> new LinkedHashSet<>(4)).add(address);
    }

    /** The latest address of the call that is as wanted. */
    private OptionalInt held(SessionKey key, IntPredicate wanted) {
        return ofCall.getOrDefault(key, Set.of()).stream()
                .mapToInt(Integer::intValue)
                .filter(wanted)
                .reduce((_, later) -> later);
    }

    /** The pool in one of whose ranges the address lies, be it a host address or not. */
    private @Nullable AddressPool poolAround(int address) {
        for (AddressPool pool : pools.values()) {
            for (Cidr range : pool.ranges()) {
                if (range.contains(address)) {
                    return pool;
                }
            }
        }
        return null;
    }

    private static @Nullable Cidr check(String pool, String text, Map<Cidr, String> seen, List<String> problems) {
        Cidr range;
        try {
            range = Cidr.parse(text);
        } catch (IllegalArgumentException e) {
            problems.add("pool " + pool + ": '" + text + "' is wrong: " + e.getMessage());
            return null;
        }
        if (range.length() < SHORTEST_PREFIX) {
            problems.add("pool " + pool + ": " + range + " is larger than a /" + SHORTEST_PREFIX);
            return null;
        }
        int first = range.base() >>> 24;
        if (first == 0 || first == 127 || first >= 224) {
            problems.add("pool " + pool + ": " + range + " holds no addresses that a host may have");
        }
        seen.forEach((other, owner) -> {
            if (other.overlaps(range)) {
                problems.add("pool " + pool + ": " + range + " overlaps " + other + " of pool " + owner);
            }
        });
        seen.put(range, pool);
        return range;
    }
}
