package io.warren.dataplane;

import io.warren.control.port.Ipv6Prefix;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From an address to the {@link Slot} whose prefix it is in, the longest one first: one look at a hash table for each
 * length that any prefix has, of which there are few; with none, no look at all. Of an IPv6 address the upper half counts,
 * an IPv4 address is the upper half of that. For any number of readers without lock and one writer at a
 * time, by the same rules as {@link SlotMap}.
 */
final class PrefixMap {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Place[].class);
    private static final int SMALLEST = 64;
    private static final Place REMOVED = new Place(0, 0, null);

    private volatile @Nullable Place[] table = new @Nullable Place[SMALLEST];

    /** Lengths that prefixes have, longest first. */
    private volatile int[] lengths = {};

    /** How many prefixes have each length. */
    private final int[] ofLength = new int[65];

    private int size;

    /** Places that are not null: prefixes, and where there were some. */
    private int used;

    /** A prefix and whose it is; {@link #REMOVED} is nobody's, and a reader passes over it. */
    private record Place(long high, int length, @Nullable Slot slot) {}

    static long mask(int length) {
        return length == 0 ? 0 : -1L << (64 - length);
    }

    /** @param high the first 64 bits of the address */
    @Nullable
    Slot get(long high) {
        int[] all = lengths;
        for (int length : all) {
            Slot slot = exactly(high & mask(length), length);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    /** Bits of the longest prefix that it is in; {@link PrefixTable#NONE} when it is in none. */
    int longest(long high) {
        int[] all = lengths;
        for (int length : all) {
            if (exactly(high & mask(length), length) != null) {
                return length;
            }
        }
        return PrefixTable.NONE;
    }

    /** Whether one of these prefixes, of whatever length, is some other call's own. */
    boolean isOwnOfAnother(long high, Slot call) {
        int[] all = lengths;
        for (int length : all) {
            Slot slot = exactly(high & mask(length), length);
            if (slot != null && slot.key != call.key && slot.ownsPrefix(high)) {
                return true;
            }
        }
        return false;
    }

    /** Whose this prefix is. */
    @Nullable
    Slot exactly(long high, int length) {
        @Nullable Place[] array = table;
        int mask = array.length - 1;
        for (int index = home(high, length, mask); ; index = index + 1 & mask) {
            Place place = (Place) ELEMENT.getAcquire(array, index);
            if (place == null) {
                return null;
            }
            if (place.high == high && place.length == length && place.slot != null) {
                return place.slot;
            }
        }
    }

    int size() {
        return size;
    }

    void put(Ipv6Prefix prefix, Slot slot) {
        if ((used + 1) * 2L > table.length) {
            rebuild();
        }
        Place place = new Place(prefix.high(), prefix.length(), slot);
        @Nullable Place[] array = table;
        int index = find(array, prefix.high(), prefix.length());
        boolean more = array[index] == null;
        ELEMENT.setRelease(array, index, place);
        if (more) {
            used++;
            size++;
            if (ofLength[prefix.length()]++ == 0) {
                learnLengths();
            }
        }
    }

    void remove(Ipv6Prefix prefix) {
        @Nullable Place[] array = table;
        int index = find(array, prefix.high(), prefix.length());
        if (array[index] != null) {
            ELEMENT.setRelease(array, index, REMOVED);
            size--;
            if (--ofLength[prefix.length()] == 0) {
                learnLengths();
            }
        }
    }

    /** Where the prefix is, or the end of its row. */
    private static int find(@Nullable Place[] array, long high, int length) {
        int mask = array.length - 1;
        int index = home(high, length, mask);
        for (Place place = array[index]; place != null; place = array[index]) {
            if (place.high == high && place.length == length && place.slot != null) {
                return index;
            }
            index = index + 1 & mask;
        }
        return index;
    }

    private void learnLengths() {
        lengths = IntStream.range(0, ofLength.length)
                .map(index -> ofLength.length - 1 - index)
                .filter(length -> ofLength[length] > 0)
                .toArray();
    }

    /** A new array without what was removed, at most a quarter full. */
    private void rebuild() {
        int length = SMALLEST;
        while (length < (size + 1) * 4L) {
            length <<= 1;
        }
        @Nullable Place[] array = new @Nullable Place[length];
        for (Place place : table) {
            if (place != null && place.slot != null) {
                array[find(array, place.high, place.length)] = place;
            }
        }
        used = size;
        table = array;
    }

    /** Every bit counts (the finalizer of MurmurHash3). */
    private static int home(long high, int length, int mask) {
        long hash = (high ^ length) * 0xff51_afd7_ed55_8ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return (int) (hash ^ hash >>> 33) & mask;
    }
}
