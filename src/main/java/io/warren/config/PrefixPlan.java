package io.warren.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pools of IPv6 prefixes. Each prefix has a number of 32 bits, from 224.0.0.0/3, where no host has its IPv4 address:
 * so that prefixes are given out, restored, announced and looked for as IPv4 addresses are, by the same code. The number
 * depends on nothing but the prefix and what it is for, not on the pools: those may change while calls go on.
 *
 * @param ranges without overlap
 */
public record PrefixPlan(List<Range> ranges) {
    /** Without IPv6. */
    public static final PrefixPlan NONE = new PrefixPlan(List.of());

    /** No prefix has this number. */
    public static final int NO_INDEX = 0;

    /** Of a link's prefix, so that its hosts can make addresses (RFC 4862 §5.5.3). */
    public static final int FRAMED_LENGTH = 64;

    /** Prefixes in one range, as a number of bits. */
    static final int LARGEST_RANGE = 24;

    /** What a prefix is for. */
    public enum Kind {
        /** For the link: its addresses are on the subscriber's interface. */
        FRAMED(0xf),
        /** For the networks behind the subscriber. */
        DELEGATED(0xe);

        private final int mark;

        Kind(int mark) {
            this.mark = mark;
        }

        /** Which lengths there are, for people. */
        public String lengths() {
            return this == FRAMED ? "a link has a /64" : "a delegated prefix has 16 to 64 bits";
        }

        /** The name of a pool of such prefixes among the pools of addresses. */
        public String pool(String name) {
            return (this == FRAMED ? "ipv6/" : "ipv6-delegated/") + name;
        }
    }

    /**
     * A range of one pool.
     *
     * @param prefixLength of each prefix in it
     */
    public record Range(Kind kind, String pool, Ipv6Range addresses, int prefixLength) {
        /** Whether its prefixes are no longer than they are to be, and not too many. */
        boolean isSound() {
            int bits = prefixLength - addresses.length();
            return bits >= 0 && bits <= LARGEST_RANGE;
        }

        /** The numbers of its prefixes. */
        Cidr indices() {
            int bits = prefixLength - addresses.length();
            return new Cidr(index(kind, addresses.high(), prefixLength), 32 - bits);
        }
    }

    public PrefixPlan {
        ranges = List.copyOf(ranges);
    }

    /** The ranges of all pools; none without IPv6. */
    public static PrefixPlan of(Settings.Ipv6Service ipv6) {
        return ipv6.allowed() ? new PrefixPlan(ranges(ipv6)) : NONE;
    }

    static List<Range> ranges(Settings.Ipv6Service ipv6) {
        List<Range> ranges = new ArrayList<>();
        ipv6.pools()
                .forEach((name, pool) ->
                        pool.forEach(addresses -> ranges.add(new Range(Kind.FRAMED, name, addresses, FRAMED_LENGTH))));
        ipv6.delegatedPools()
                .forEach((name, pool) -> pool.forEach(
                        addresses -> ranges.add(new Range(Kind.DELEGATED, name, addresses, ipv6.delegatedLength()))));
        return ranges;
    }

    /**
     * The number of any prefix, in a pool or not. The last 24 bits are as they are; all before are mixed into four.
     *
     * @param length 1 to 64 bits
     */
    public static int index(Kind kind, long high, int length) {
        long number = high >>> (64 - length);
        int mixed = 0;
        for (long rest = number >>> LARGEST_RANGE; rest != 0; rest >>>= 4) {
            mixed ^= (int) rest & 0xf;
        }
        return kind.mark << 28 | mixed << LARGEST_RANGE | ((int) number & ((1 << LARGEST_RANGE) - 1));
    }

    /** Whether this is the number of a prefix, and not an IPv4 address. */
    public static boolean isIndex(int address) {
        return address >>> 29 == 7;
    }

    /** The numbers in each pool, by {@link Kind#pool}. */
    public Map<String, List<Cidr>> pools() {
        Map<String, List<Cidr>> pools = new LinkedHashMap<>();
        for (Range range : ranges) {
            pools.computeIfAbsent(range.kind.pool(range.pool), _ -> new ArrayList<>())
                    .add(range.indices());
        }
        return pools;
    }

    /** The prefix of a pool that has this number; null when none has. */
    public @Nullable Ipv6Range prefix(int index) {
        for (Range range : ranges) {
            Cidr indices = range.indices();
            if (indices.contains(index)) {
                long place = (index - indices.base()) & 0xffff_ffffL;
                long high = range.addresses.high() | place << (64 - range.prefixLength);
                return new Ipv6Range(high, range.prefixLength);
            }
        }
        return null;
    }

    /** Whether this is a prefix of a pool: in its ranges, and as long as its prefixes are. */
    public boolean holds(long high, int length) {
        return ranges.stream().anyMatch(range -> range.prefixLength == length && range.addresses.contains(high));
    }

    /** The number of the prefix of a pool in which an address lies; {@link #NO_INDEX} when it is in no pool. */
    public int find(long high) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (range.addresses.contains(high)) {
                return index(range.kind, high, range.prefixLength);
            }
        }
        return NO_INDEX;
    }
}
