package io.warren.control.access;

import io.warren.config.Cidr;
import java.util.List;
import java.util.OptionalInt;

/** One named pool: which of its addresses are free. Knows no owners; not synchronised. */
final class AddressPool {
    private final String name;
    private final List<Cidr> ranges;
    /** For each range the place of its first host address. */
    private final int[] starts;

    private final FreeBitmap places;
    private final int reserved;
    private int cursor;

    /**
     * @param ranges without overlap, of fewer than 2^31 addresses in all
     * @param gateway never given out
     */
    AddressPool(String name, List<Cidr> ranges, int gateway) {
        this.name = name;
        this.ranges = List.copyOf(ranges);
        starts = new int[ranges.size()];
        int count = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = count;
            count = Math.addExact(count, hosts(ranges.get(i)));
        }
        places = new FreeBitmap(count);
        int ours = place(gateway);
        reserved = ours >= 0 ? 1 : 0;
        if (ours >= 0) {
            places.take(ours);
        }
    }

    String name() {
        return name;
    }

    List<Cidr> ranges() {
        return ranges;
    }

    /** How many addresses there are to give. */
    int size() {
        return places.size() - reserved;
    }

    int leased() {
        return places.taken() - reserved;
    }

    /** Whether the address is one of the pool's host addresses. */
    boolean contains(int address) {
        return place(address) >= 0;
    }

    /** Takes the address that was free for the longest time, roughly: the search goes round. */
    OptionalInt takeAny() {
        int place = places.nextFree(cursor);
        if (place < 0) {
            return OptionalInt.empty();
        }
        cursor = place + 1 == places.size() ? 0 : place + 1;
        places.take(place);
        return OptionalInt.of(address(place));
    }

    /** Takes this address of the pool; false when it is taken. */
    boolean take(int address) {
        int place = place(address);
        if (places.isTaken(place)) {
            return false;
        }
        places.take(place);
        return true;
    }

    /** Gives back an address that was taken. */
    void free(int address) {
        places.free(place(address));
    }

    private int place(int address) {
        for (int i = 0; i < starts.length; i++) {
            Cidr range = ranges.get(i);
            if (range.contains(address)) {
                int offset = address - range.firstHost();
                return offset >= 0 && offset < hosts(range) ? starts[i] + offset : -1;
            }
        }
        return -1;
    }

    private int address(int place) {
        int range = starts.length - 1;
        while (starts[range] > place) {
            range--;
        }
        return ranges.get(range).firstHost() + place - starts[range];
    }

    private static int hosts(Cidr range) {
        return range.lastHost() - range.firstHost() + 1;
    }
}
