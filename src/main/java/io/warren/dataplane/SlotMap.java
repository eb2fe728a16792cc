package io.warren.dataplane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash map from an int to the {@link Slot} that holds it: open addressing with linear probing over one array, at most
 * half full. Any number of readers without lock; one writer at a time, which the owner sees to.
 *
 * <p>Why readers are safe: a slot is immutable and published whole by a release store. A removed slot leaves a
 * tombstone, so nothing that a reader may be probing for ever moves within an array; growing builds a new array and
 * publishes it by one volatile store, while readers of the old one still see a consistent past.
 */
abstract class SlotMap {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int SMALLEST = 64;

    /** Where a slot was: a reader passes over it. */
    private enum Tombstone {
        REMOVED
    }

    private volatile @Nullable Object[] table = new @Nullable Object[SMALLEST];
    private int size;

    /** Places that are not null: slots and tombstones. */
    private int used;

    /** The key under which {@code slot} is found. */
    abstract int keyOf(Slot slot);

    final @Nullable Slot get(int key) {
        @Nullable Object[] array = table;
        int mask = array.length - 1;
        for (int index = home(key, mask); ; index = index + 1 & mask) {
            Object element = ELEMENT.getAcquire(array, index);
            if (element == null) {
                return null;
            }
            if (element instanceof Slot slot && keyOf(slot) == key) {
                return slot;
            }
        }
    }

    final int size() {
        return size;
    }

    /** All slots, in no order; for the writer. */
    final List<Slot> all() {
        List<Slot> slots = new ArrayList<>(size);
        for (Object element : table) {
            if (element instanceof Slot slot) {
                slots.add(slot);
            }
        }
        return slots;
    }

    /** Every slot that was there before and is there after; on any thread. */
    final void forEach(Consumer<Slot> each) {
        @Nullable Object[] array = table;
        for (int index = 0; index < array.length; index++) {
            if (ELEMENT.getAcquire(array, index) instanceof Slot slot) {
                each.accept(slot);
            }
        }
    }

    /** Makes room for {@code more} new keys at once. */
    final void reserve(int more) {
        if ((used + more) * 2L > table.length) {
            rebuild(size + more);
        }
    }

    final void put(Slot slot) {
        reserve(1);
        @Nullable Object[] array = table;
        int key = keyOf(slot);
        int mask = array.length - 1;
        int free = -1;
        for (int index = home(key, mask); ; index = index + 1 & mask) {
            Object element = array[index];
            if (element instanceof Slot other && keyOf(other) == key) {
                ELEMENT.setRelease(array, index, slot);
                return;
            }
            if (element instanceof Tombstone && free < 0) {
                free = index;
            }
            if (element == null) {
                if (free < 0) {
                    free = index;
                    used++;
                }
                break;
            }
        }
        size++;
        ELEMENT.setRelease(array, free, slot);
    }

    final @Nullable Slot remove(int key) {
        @Nullable Object[] array = table;
        int mask = array.length - 1;
        for (int index = home(key, mask); ; index = index + 1 & mask) {
            Object element = array[index];
            if (element == null) {
                return null;
            }
            if (element instanceof Slot slot && keyOf(slot) == key) {
                ELEMENT.setRelease(array, index, Tombstone.REMOVED);
                size--;
                return slot;
            }
        }
    }

    /** A new array without tombstones, at most a quarter full, so that it lasts a while. */
    private void rebuild(int expected) {
        int length = SMALLEST;
        while (length < expected * 4L) {
            length <<= 1;
        }
        @Nullable Object[] old = table;
        @Nullable Object[] array = new @Nullable Object[length];
        int mask = length - 1;
        for (Object element : old) {
            if (element instanceof Slot slot) {
                int index = home(keyOf(slot), mask);
                while (array[index] != null) {
                    index = index + 1 & mask;
                }
                array[index] = slot;
            }
        }
        used = size;
        table = array;
    }

    /** Every bit of the key counts for every bit of the index (the finalizer of MurmurHash3): ids come in patterns. */
    private static int home(int key, int mask) {
        int hash = (key ^ key >>> 16) * 0x85eb_ca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2_ae35;
        return (hash ^ hash >>> 16) & mask;
    }
}
