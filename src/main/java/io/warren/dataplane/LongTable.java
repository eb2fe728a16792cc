package io.warren.dataplane;

import java.util.Arrays;
import java.util.Map;

/** A map from long to a number that is not negative: open addressing with linear probing, at most half full. Immutable. */
final class LongTable {
    static final int ABSENT = -1;

    private final long[] keys;
    private final int[] values;
    private final int mask;

    LongTable(Map<Long, Integer> entries) {
        int length = Math.max(2, Integer.highestOneBit(Math.max(1, entries.size())) << 2);
        keys = new long[length];
        values = new int[length];
        Arrays.fill(values, ABSENT);
        mask = length - 1;
        entries.forEach(this::put);
    }

    private void put(long key, int value) {
        int index = home(key);
        while (values[index] != ABSENT) {
            index = index + 1 & mask;
        }
        keys[index] = key;
        values[index] = value;
    }

    /** {@link #ABSENT} when there is none. */
    int get(long key) {
        for (int index = home(key); values[index] != ABSENT; index = index + 1 & mask) {
            if (keys[index] == key) {
                return values[index];
            }
        }
        return ABSENT;
    }

    /** Every bit of the key counts (the first half of MurmurHash3's finalizer). */
    private int home(long key) {
        long hash = (key ^ key >>> 33) * 0xff51_afd7_ed55_8ccdL;
        return (int) (hash ^ hash >>> 33) & mask;
    }
}
