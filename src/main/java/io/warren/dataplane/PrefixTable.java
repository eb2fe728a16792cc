package io.warren.dataplane;

import io.warren.control.port.Ipv6Prefix;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * From the upper half of an address to the number of the longest prefix that it is in: a {@link LongTable} for each length
 * that there is. Immutable.
 */
final class PrefixTable {
    /** Instead of a prefix's length, when there is no prefix. */
    static final int NONE = -1;

    private final long[] masks;
    private final LongTable[] tables;

    /** @param prefixes of 64 bits at most */
    PrefixTable(Map<Ipv6Prefix, Integer> prefixes) {
        Map<Integer, Map<Long, Integer>> byLength = new TreeMap<>(Collections.reverseOrder());
        prefixes.forEach((prefix, number) ->
                byLength.computeIfAbsent(prefix.length(), _ -> new HashMap<>()).put(prefix.high(), number));
        masks = byLength.keySet().stream().mapToLong(PrefixMap::mask).toArray();
        tables = byLength.values().stream().map(LongTable::new).toArray(LongTable[]::new);
    }

    /** Bits of the longest prefix that it is in; {@link #NONE} when it is in none. */
    int longest(long high) {
        for (int i = 0; i < tables.length; i++) {
            if (tables[i].get(high & masks[i]) != LongTable.ABSENT) {
                return Long.bitCount(masks[i]);
            }
        }
        return NONE;
    }

    /** {@link LongTable#ABSENT} when it is in none. */
    int get(long high) {
        for (int i = 0; i < tables.length; i++) {
            int number = tables[i].get(high & masks[i]);
            if (number != LongTable.ABSENT) {
                return number;
            }
        }
        return LongTable.ABSENT;
    }
}
